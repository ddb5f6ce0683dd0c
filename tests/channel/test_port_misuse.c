// The promises of channel.h about calls with a port that is not the caller's:
// they end the process, and say where the call is and what is wrong with it.

#include "channel.h"

#include <pthread.h>
#include <stdio.h>

#include "port_checks.h"
#include "test.h"
#include "worker_threads.h"

// The arguments of the wrong calls, set before those are made.
static Port *wrong, *wrong_peer, *right, *right_peer;
static Message msg;
static Port *from;

// A function that makes the call, and what must be said of it: this file, the
// line of the call, and the name of what was called.
#define WRONG_CALL(name, function, ...)                                        \
    static void name(void)                                                     \
    {                                                                          \
        function(__VA_ARGS__);                                                 \
    }                                                                          \
    static const char said_of_##name[] =                                       \
        __FILE__ ":" COMMON_LINE ": " #function ": ";

WRONG_CALL(post, port_post, wrong, "1")
WRONG_CALL(postf, port_postf, wrong, "%d", 1)
WRONG_CALL(post_bytes, port_post_bytes, wrong, "bytes", 5)
WRONG_CALL(post_port, port_post_port, right, &wrong, "1")
WRONG_CALL(post_port_on_it, port_post_port, wrong, &right, "1")
WRONG_CALL(receive, port_receive, wrong, &msg)
WRONG_CALL(receive_until, port_receive_until, wrong, &msg, DEADLINE_NOW)
WRONG_CALL(move, port_move, &wrong)
WRONG_CALL(close_it, port_close, &wrong)
WRONG_CALL(select_it, port_select, &wrong, 1, &msg)
WRONG_CALL(select_until, port_select_until, &wrong, 1, &msg, &from,
           DEADLINE_NOW)

static const struct {
    void (*run)(void);
    const char *said;
} wrong_calls[] = {
    { post, said_of_post },
    { postf, said_of_postf },
    { post_bytes, said_of_post_bytes },
    { post_port, said_of_post_port },
    { post_port_on_it, said_of_post_port_on_it },
    { receive, said_of_receive },
    { receive_until, said_of_receive_until },
    { move, said_of_move },
    { close_it, said_of_close_it },
    { select_it, said_of_select_it },
    { select_until, said_of_select_until },
};

enum { WRONG_CALLS = sizeof wrong_calls / sizeof *wrong_calls };
enum { NULL_IS_WRONG = WRONG_CALLS - 2 };  // a select may list NULL

static void open_ports(void)
{
    channel_open(&wrong, &wrong_peer);
    channel_open(&right, &right_peer);
}

static void close_ports(void)
{
    Port **ports[] = { &wrong, &wrong_peer, &right, &right_peer };
    for (int i = 0; i < 4; i++)
        if (*ports[i])
            port_close(ports[i]);
}

static void check_wrong_call(int i, void (*run)(void), const char *reason)
{
    char words[500];
    snprintf(words, sizeof words, "%s%s", wrong_calls[i].said, reason);
    CHECK_DIES(run, words);
}

TEST(closed, "a call with a port that was closed dies and says where")
{
    open_ports();
    port_close(&wrong);
    for (int i = 0; i < NULL_IS_WRONG; i++)
        check_wrong_call(i, wrong_calls[i].run,
                         "this port was closed or moved away");
    close_ports();
}

TEST(moved, "a call with a port that was moved dies and says where")
{
    open_ports();
    CHECK(port_post_port(right, &wrong, "1"));
    for (int i = 0; i < NULL_IS_WRONG; i++)
        check_wrong_call(i, wrong_calls[i].run,
                         "this port was closed or moved away");
    close_ports();
}

// A second pointer to the port is left: as from worker->port.
static void check_calls_with(Port *kept, const char *reason)
{
    wrong = kept;
    for (int i = 0; i < WRONG_CALLS; i++)
        check_wrong_call(i, wrong_calls[i].run, reason);
    wrong = NULL;
}

TEST(closed_alias, "a second pointer to a port that was closed is of no use")
{
    open_ports();
    Port *kept = wrong;
    port_close(&wrong);
    check_calls_with(kept, "this port was closed, through another pointer");
    close_ports();
}

TEST(closed_with_peer, "nor is one to a port whose other end was closed first")
{
    open_ports();
    Port *kept = wrong;
    Port *peer = wrong_peer;
    port_close(&wrong_peer);
    check_calls_with(peer, "this port was closed, through another pointer");
    wrong = kept;
    close_ports();
}

TEST(both_closed_alias, "nor is one to a channel that was closed at both ends")
{
    open_ports();
    Port *kept = wrong;
    port_close(&wrong);
    port_close(&wrong_peer);
    check_calls_with(kept, "this port was closed, through another pointer");
    close_ports();
    open_ports();
    close_ports();
}

TEST(posted_alias, "a second pointer to a port that was posted is of no use")
{
    open_ports();
    Port *kept = wrong;
    CHECK(port_post_port(right, &wrong, "1"));
    check_calls_with(kept, "this port was posted, through another pointer");
    close_ports();
}

static Port *unclaimed;

static void use_unclaimed(void)
{
    port_post(unclaimed, "late");
}

TEST(closed_with_message, "a port that went with its message is of no use")
{
    open_ports();
    CHECK(port_post_port(right, &wrong, "1"));
    CHECK(port_receive(right_peer, &msg));
    unclaimed = msg.port;
    CHECK_INT(port_receive_until(right_peer, &msg, DEADLINE_NOW),
              WAIT_TIMED_OUT);
    CHECK_DIES(use_unclaimed,
               "port_post: this port was closed, through another pointer");
    close_ports();
}

static void in_thread(void *(*run)(void *), void *arg)
{
    pthread_t thread;
    CHECK_INT(pthread_create(&thread, NULL, run, arg), 0);
    CHECK_INT(pthread_join(thread, NULL), 0);
}

static int current;  // index of the wrong call that another thread makes

static void *make_current_call(void *arg)
{
    wrong_calls[current].run();
    return arg;
}

static void call_from_another_thread(void)
{
    right = port_move(&right);  // so that only `wrong` is wrong
    in_thread(make_current_call, NULL);
}

TEST(other_thread, "a call with a port of another thread dies and says where")
{
    open_ports();
    for (current = 0; current < WRONG_CALLS; current++)
        check_wrong_call(current, call_from_another_thread,
                         "this port belongs to another thread");
    close_ports();
}

static void post_a_number(WorkerContext *self)
{
    post_number(self->worker_data, 1);
}

static void start_with_a_port_of_ours(void)
{
    open_ports();
    worker_join(&(Worker *){ worker_start(post_a_number, wrong) });
}

TEST(not_moved, "a worker that was given a port without port_move dies")
{
    CHECK_DIES(start_with_a_port_of_ours, "belongs to another thread");
}

static void start_with_an_unclaimed_port(void)
{
    open_ports();
    port_post_port(right, &wrong, "1");
    CHECK(port_receive(right_peer, &msg));
    worker_join(&(Worker *){ worker_start(post_a_number, msg.port) });
}

TEST(not_moved_on, "a port that came along is given on with port_move too")
{
    CHECK_DIES(start_with_an_unclaimed_port, "belongs to another thread");
}

static void start_with_a_refused_port(void)
{
    open_ports();
    port_close(&right_peer);
    CHECK(!port_post_port(right, &wrong, "1"));
    worker_join(&(Worker *){ worker_start(post_a_number, wrong) });
}

TEST(refused, "a port whose post was refused is still its owner's alone")
{
    CHECK_DIES(start_with_a_refused_port, "belongs to another thread");
}

static void start_with_a_port_used_since_its_move(void)
{
    open_ports();
    wrong = port_move(&wrong);
    post_number(wrong, 1);
    worker_join(&(Worker *){ worker_start(post_a_number, wrong) });
}

TEST(used_since_its_move, "who first uses a port that was moved owns it alone")
{
    CHECK_DIES(start_with_a_port_used_since_its_move,
               "belongs to another thread");
}

static void *claim_in_thread(void *port)
{
    expect_number(port, 1);
    return port;
}

static void use_what_another_thread_has(void)
{
    open_ports();
    post_number(wrong_peer, 1);
    Port *kept = wrong;
    in_thread(claim_in_thread, port_move(&wrong));
    post_number(kept, 1);
}

TEST(moved_alias, "a second pointer to a port that was moved is of no use")
{
    CHECK_DIES(use_what_another_thread_has, "belongs to another thread");
}

static void use_before_another_thread(void)
{
    open_ports();
    post_number(wrong_peer, 1);
    Port *kept = wrong;
    Port *moved = port_move(&wrong);
    post_number(kept, 1);
    in_thread(claim_in_thread, moved);
}

TEST(used_by_alias, "once used by it, the thread that it was given to dies")
{
    CHECK_DIES(use_before_another_thread, "belongs to another thread");
}

static void *open_in_thread(void *arg)
{
    open_ports();
    return arg;
}

static void *post_in_thread(void *arg)
{
    post();
    return arg;
}

static void use_after_the_owner(void)
{
    in_thread(open_in_thread, NULL);
    in_thread(post_in_thread, NULL);
}

TEST(owner_ended, "a port that an ended thread kept is nobody else's")
{
    CHECK_DIES(use_after_the_owner, "belongs to another thread");
}

static void post_to_myself(void)
{
    open_ports();
    port_post_port(right, &right, "1");
}

static void post_to_my_peer(void)
{
    open_ports();
    port_post_port(right, &right_peer, "1");
}

TEST(own_channel, "a port cannot travel on its own channel")
{
    const char *words = "port_post_port: a port cannot travel on its own";
    CHECK_DIES(post_to_myself, words);
    CHECK_DIES(post_to_my_peer, words);
}

static void post_nothing(void)
{
    const char *volatile missing = NULL;
    open_ports();
    port_post(right, missing);
}

TEST(no_text, "a text that is NULL is a bug")
{
    CHECK_DIES(post_nothing, "port_post: the text is NULL");
}
