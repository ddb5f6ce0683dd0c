// What channel.h promises about calls with a port that is not the caller's:
// they end the process, and say where the call is and what is wrong with it.

#include "channel.h"

#include <pthread.h>
#include <stdio.h>

#include "port_checks.h"
#include "test.h"
#include "worker_threads.h"

// What the wrong calls are made with. Set before they are.
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

WRONG_CALL(post, port_post, wrong, "%d", 1)
WRONG_CALL(post_bytes, port_post_bytes, wrong, "bytes", 5)
WRONG_CALL(post_port, port_post_port, right, &wrong, "%d", 1)
WRONG_CALL(post_port_on_it, port_post_port, wrong, &right, "%d", 1)
WRONG_CALL(receive, port_receive, wrong, &msg)
WRONG_CALL(receive_by, port_receive_by, wrong, &msg, DEADLINE_NOW)
WRONG_CALL(move, port_move, &wrong)
WRONG_CALL(close_it, port_close, &wrong)
WRONG_CALL(select_it, port_select, &wrong, 1, &msg)
WRONG_CALL(select_by, port_select_by, &wrong, 1, &msg, &from, DEADLINE_NOW)

static const struct {
    void (*run)(void);
    const char *said;
} wrong_calls[] = {
    { post, said_of_post },
    { post_bytes, said_of_post_bytes },
    { post_port, said_of_post_port },
    { post_port_on_it, said_of_post_port_on_it },
    { receive, said_of_receive },
    { receive_by, said_of_receive_by },
    { move, said_of_move },
    { close_it, said_of_close_it },
    { select_it, said_of_select_it },
    { select_by, said_of_select_by },
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
    CHECK(port_post_port(right, &wrong, "%d", 1));
    for (int i = 0; i < NULL_IS_WRONG; i++)
        check_wrong_call(i, wrong_calls[i].run,
                         "this port was closed or moved away");
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

static void post_a_number(WorkerThread *self)
{
    post_number(self->worker_data, 1);
}

static void start_with_a_port_of_ours(void)
{
    open_ports();
    worker_join(worker_start(post_a_number, wrong));
}

TEST(not_moved, "a worker that was given a port without port_move dies")
{
    CHECK_DIES(start_with_a_port_of_ours, "belongs to another thread");
}

static void start_with_an_unclaimed_port(void)
{
    open_ports();
    port_post_port(right, &wrong, "%d", 1);
    CHECK(port_receive(right_peer, &msg));
    worker_join(worker_start(post_a_number, msg.port));
}

TEST(not_moved_on, "a port that came along is given on with port_move too")
{
    CHECK_DIES(start_with_an_unclaimed_port, "belongs to another thread");
}

static void start_with_a_refused_port(void)
{
    open_ports();
    port_close(&right_peer);
    CHECK(!port_post_port(right, &wrong, "%d", 1));
    worker_join(worker_start(post_a_number, wrong));
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
    worker_join(worker_start(post_a_number, wrong));
}

TEST(used_since_its_move, "who first uses a port that was moved owns it alone")
{
    CHECK_DIES(start_with_a_port_used_since_its_move,
               "belongs to another thread");
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
    port_post_port(right, &right, "%d", 1);
}

static void post_to_my_peer(void)
{
    open_ports();
    port_post_port(right, &right_peer, "%d", 1);
}

TEST(own_channel, "a port cannot travel on its own channel")
{
    const char *words = "port_post_port: a port cannot travel on its own";
    CHECK_DIES(post_to_myself, words);
    CHECK_DIES(post_to_my_peer, words);
}
