// Channels in a child of fork: an end that only the parent's other threads
// could use counts as closed there. Some tests set the fields of a port as a
// thread leaves them in the middle of a call.

#include <sched.h>
#include <stdatomic.h>

#include "channel/port_internal.h"
#include "fork_child.h"
#include "gate.h"
#include "port_checks.h"
#include "worker_threads.h"

static Port *port, *port2;  // a channel
static Port *way, *way2;    // another one
static Gate ready, go_on;

static void be_at_the_gate(void)
{
    gate_open(&ready);
    gate_pass(&go_on);
}

static void end_worker(Worker **worker)
{
    gate_open(&go_on);
    worker_join(worker);
}

// Nothing came to the port, and nothing will. No thread sleeps at the other
// end, and the close of this one frees the channel.
static void check_is_over(void) LOCKS_UNCHECKED
{
    CHECK(port->peer->waiter == NULL);
    CHECK(!(atomic_load(&port->peer->state) & WAITING));
    CHECK_INT(atomic_load(&port->channel->users), 1);
    CHECK(!port_post(port, "refused"));
    expect_end(port);
    CHECK(!port_postf(port, "%d", 1));
    CHECK(!port_post_bytes(port, "", 1));
    port_close(&port);
}

// An end that another thread owns.

static void post_two(WorkerContext *self)
{
    post_number(self->parent_port, 1);
    post_number(self->parent_port, 2);
    be_at_the_gate();
    expect_number(self->parent_port, 3);
}

static void take_two(void)
{
    expect_number(port, 1);
    expect_number(port, 2);
    check_is_over();
}

static void refuse_and_take_two(void)
{
    CHECK(!port_post(port, "refused"));
    take_two();
}

TEST(other_thread, "an end of a thread that a child has not is closed there")
{
    Worker *worker = worker_start(post_two, NULL);
    port = worker->port;
    gate_pass(&ready);
    check_in_child(take_two);
    check_in_child(refuse_and_take_two);
    expect_number(port, 1);
    expect_number(port, 2);
    post_number(port, 3);
    end_worker(&worker);
}

static void receive_one(WorkerContext *self)
{
    Port *own = self->worker_data;
    expect_number(own, 1);
    port_close(&own);
}

TEST(other_waits, "a child's post wakes no thread of the parent")
{
    channel_open(&port, &port2);
    Port *peer = port2;
    Worker *worker = worker_start(receive_one, port_move(&port2));
    while (!(atomic_load(&peer->state) & WAITING))
        sched_yield();
    check_in_child(check_is_over);
    post_number(port, 1);
    worker_join(&worker);
    port_close(&port);
}

static void pass_gate(WorkerContext *self)
{
    (void)self;
    be_at_the_gate();
}

static void nest(void)
{
    check_in_child(check_is_over);
    check_is_over();
}

TEST(nested, "an end stays closed in a child's child")
{
    Worker *worker = worker_start(pass_gate, NULL);
    port = worker->port;
    gate_pass(&ready);
    check_in_child(nest);
    end_worker(&worker);
}

// Ends that the thread that forked owns, and ends on their way.

static void go_round(Port *a, Port *b)
{
    for (int i = 0; i < 1000; i++) {
        post_number(a, i);
        expect_number(b, i);
        post_number(b, i);
        expect_number(a, i);
    }
}

static void take_and_go_round(void)
{
    expect_number(port2, 1);
    go_round(port, port2);
    close_both(port, port2);
}

TEST(own, "both ends of the thread that forked go on")
{
    channel_open(&port, &port2);
    post_number(port, 1);
    check_in_child(take_and_go_round);
    take_and_go_round();
}

TEST(moved, "a port that was moved away is there for the next thread to use it")
{
    channel_open(&port, &port2);
    post_number(port, 1);
    Port *moved = port2;
    port_move(&port2);
    port2 = moved;
    check_in_child(take_and_go_round);
    take_and_go_round();
}

static void send_back(WorkerContext *self)
{
    Message msg;
    CHECK(port_receive(self->parent_port, &msg));
    CHECK(port_post_port(self->parent_port, &msg.port, "back"));
    be_at_the_gate();
}

static void take_port_and_go_round(void)
{
    Message msg;
    CHECK(port_receive(way, &msg));
    CHECK_TEXT(msg.text, "back");
    port2 = msg.port;
    go_round(port, port2);
    close_both(port, port2);
    CHECK(!port_post(way, "refused"));
}

TEST(posted_to_us, "a port in a message that can be received stays open")
{
    channel_open(&port, &port2);
    Worker *worker = worker_start(send_back, NULL);
    way = worker->port;
    CHECK(port_post_port(way, &port2, "there"));
    gate_pass(&ready);
    check_in_child(take_port_and_go_round);
    Message msg;
    CHECK(port_receive(way, &msg));
    end_worker(&worker);
    expect_end(port);
    port_close(&port);
}

TEST(posted_away, "a port in a message to a thread of the parent is closed")
{
    channel_open(&port, &port2);
    channel_open(&way, &way2);
    Worker *worker = worker_start(pass_gate, NULL);
    CHECK(port_post_port(way, &port2, "within a message"));
    CHECK(port_post_port(worker->port, &way2, "to the worker"));
    gate_pass(&ready);
    check_in_child(check_is_over);
    check_in_child(nest);
    post_number(port, 1);
    end_worker(&worker);
    expect_end(port);
    close_both(port, way);
}

TEST(posted_in_circle, "ports in each other's channels are closed in a child")
{
    channel_open(&port, &port2);
    channel_open(&way, &way2);
    CHECK(port_post_port(way, &port2, "into the other channel"));
    CHECK(port_post_port(port, &way2, "and back"));
    check_in_child(check_is_over);
    close_both(port, way);
}

TEST(refused, "a port whose post is refused is not on its way")
{
    channel_open(&port, &port2);
    channel_open(&way, &way2);
    port_close(&way2);
    CHECK(!port_post_port(way, &port2, "refused"));
    CHECK(port2->arrived_at == NULL);
    port_close(&way);
    post_number(port, 1);
    check_in_child(take_and_go_round);
    take_and_go_round();
}

// Threads in the middle of a call.

static void be_about_to_post(WorkerContext *self)
{
    Port *moved = self->worker_data, *to = self->parent_port->peer;
    port_must_own(moved, "");
    moved->arrived_at = to;
    moved->posted_after = posts(atomic_load(&to->state));
    port_set_owner(moved, OWNER_POSTED);
    be_at_the_gate();
    port_set_owner(moved, thread_number());
    moved->arrived_at = NULL;
    port_close(&moved);
}

TEST(not_yet_posted, "a port is closed if its message was not yet posted")
{
    channel_open(&port, &port2);
    Worker *worker = worker_start(be_about_to_post, port_move(&port2));
    gate_pass(&ready);
    check_in_child(check_is_over);
    end_worker(&worker);
    port_close(&port);
}

static void be_closing(WorkerContext *self)
{
    port_set_owner(self->parent_port, OWNER_CLOSED);
    be_at_the_gate();
    port_set_owner(self->parent_port, thread_number());
}

TEST(half_closed, "an end that was being closed is closed in a child")
{
    Worker *worker = worker_start(be_closing, NULL);
    port = worker->port;
    gate_pass(&ready);
    check_in_child(check_is_over);
    end_worker(&worker);
}

static void hold_lock(WorkerContext *self)
{
    Port *peer = self->parent_port->peer;
    lock_acquire(&peer->lock);
    be_at_the_gate();
    lock_release(&peer->lock);
}

static void wait_a_moment(void)
{
    Message msg;
    Port *from;
    channel_open(&way, &way2);
    Port *both[] = { port, way };  // a select locks the closed one, too
    CHECK_INT(port_select_until(both, 2, &msg, &from, deadline_in_ms(1)),
              WAIT_TIMED_OUT);
    close_both(way, way2);
    check_is_over();
}

TEST(lock_held, "a lock that a thread of the parent holds is free in a child")
{
    Worker *worker = worker_start(hold_lock, NULL);
    port = worker->port;
    gate_pass(&ready);
    check_in_child(wait_a_moment);
    end_worker(&worker);
}
