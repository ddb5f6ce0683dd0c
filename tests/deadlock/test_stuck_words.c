// The words of a report: what it calls threads, ports and calls, and how its
// lines are broken and cut.
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "atomics.h"
#include "deadlock/deadlock_report.h"
#include "gate.h"
#include "pool.h"
#include "stuck.h"
#include "test.h"
#include "worker_threads.h"

static _Atomic int32_t word = 1;

// Names of ports.

STUCK_SCENE(closed, "of two ports one was closed at its other end",
            "waits for a message on a or c. The other end, b, is closed.",
            "The other end,\n    d, is held by main itself.")
{
    Port *a, *b, *c, *d;
    channel_open(&a, &b);
    channel_open(&c, &d);
    port_close(&b);
    Message msg;
    port_select((Port *[]){ a, c }, 2, &msg);
}

STUCK_SCENE(posted, "a port was posted, and its message never received",
            "waits for a message on a. The other end, b, was given away, and "
            "nobody has\n    used it yet.")
{
    Port *a, *b, *c, *d;
    channel_open(&a, &b);
    channel_open(&c, &d);
    port_post_port(c, &b, "take this");
    Message msg;
    port_receive(a, &msg);
}

STUCK_SCENE(through_pointers,
            "calls through pointers, of which no place is noted",
            "main, for 0.",
            "waits for a message on a port opened at the library. The other")
{
    Port *a, *b;
    Message msg;
    (channel_open)(&a, &b);
    (port_receive)(a, &msg);
}

STUCK_SCENE(word_through_pointer, "a wait for a word through a pointer",
            "main, for 0.", "waits for a notify.")
{
    (atomics_wait)(&word, 1);
}

// Threads.

static void *wait_for_word(void *unused)
{
    atomics_wait(&word, 1);
    return unused;
}

STUCK_SCENE(no_name, "a thread that the library did not start has a number",
            "main, at test_stuck_words.c:", "thread ",
            ", at test_stuck_words.c:", "waits for a notify on word.")
{
    pthread_t thread;
    pthread_create(&thread, NULL, wait_for_word, NULL);
    atomics_wait(&word, 1);
}

static void wait_for_port(WorkerContext *self)
{
    Port *mine = self->worker_data;
    Message msg;
    port_receive(mine, &msg);
    port_close(&mine);
}

STUCK_SCENE(beside_circle, "main waits for a thread of a circle",
            "waits for a worker to end: wait_for_port 1, which waits too.",
            "A circle: wait_for_port 1 waits for wait_for_port 2, which waits "
            "for\nwait_for_port 1.")
{
    Port *a, *b;
    channel_open(&a, &b);
    Worker *worker = worker_start(wait_for_port, port_move(&a));
    worker_start(wait_for_port, port_move(&b));
    worker_join(&worker);
}

STUCK_SCENE(long_call, "a call with long arguments is cut",
            "s: atomics_wait(&word, 1 + 1",
            " 1 - 1 + 1 ...\n    waits for a "
            "notify on word.")
{
    atomics_wait(&word, 1 + 1 - 1 + 1 - 1 + 1 - 1 + 1 - 1 + 1 - 1 + 1 - 1);
}

static void keep_port(WorkerContext *self)
{
    Message msg;
    port_receive(self->parent_port, &msg);
    Port *mine = msg.port;
    port_receive(mine, &msg);
}

static void give_port(WorkerContext *self)
{
    Port *to = self->worker_data;
    port_post_port(to, &self->parent_port, "keep this");
    port_close(&to);
}

// The memory of the worker is used again, if that is free.
static void use_freed_memory(void)
{
    static char *kept[256];
    for (size_t i = 1; i < 256; i++) {
        kept[i] = must_malloc(16 * i);
        memset(kept[i], 'X', 16 * i);
    }
}

STUCK_SCENE(outlived, "a worker's ports outlive the worker, with its name",
            "waits for a message on the port to of_a_worker_that_has_ended.",
            "of_a_worker_that_has_ended's parent_port, is held by keep_port")
{
    Port *a, *b;
    Message msg;
    channel_open(&a, &b);
    Worker *keeps = worker_start(keep_port, NULL);
    Worker *gives = worker_start_named("of_a_worker_that_has_ended", give_port,
                                       port_move(&b));
    port_receive(a, &msg);
    port_post_port(keeps->port, &(Port *){ msg.port }, "yours");
    Port *mine = port_move(&gives->port);
    worker_join(&gives);
    use_freed_memory();
    port_receive(mine, &msg);
}

STUCK_SCENE(nested, "a call is in the arguments of the call that is stuck",
            "main, at test_stuck_words.c:",
            "s: worker_join(&(Worker *){\n    worker_start(wait_for_port, ",
            "waits for a worker to end")
{
    Port *a, *b;
    channel_open(&a, &b);
    worker_join(&(Worker *){ worker_start(wait_for_port, port_move(&a)) });
}

// A pool's tasks. Each says that it has begun, so that main does not run it.

static Gate begun;

static void wait_in_pool(Task *self)
{
    (void)self;
    gate_open(&begun);
    atomics_wait(&word, 1);
}

static void return_quickly(Task *self)
{
    task_return(self, value_int(1));
}

STUCK_SCENE(pool_helped, "a thread ran a task, and is in the call that ran it",
            "main, at test_stuck_words.c:",
            "s: future_await_all(futures, 2, NULL)\n    waits for a task's")
{
    Pool *pool = pool_new(1);
    Future *waits = pool_start(pool, wait_in_pool, NULL, 0);
    gate_pass(&begun);
    Future *futures[] = { waits, pool_start(pool, return_quickly, NULL, 0) };
    CHECK_INT(future_await_all(futures, 2, NULL).type, VALUE_NONE);
}

static void return_in_pool(Task *self)
{
    task_return(self, value_int(1));
    wait_in_pool(self);
}

STUCK_SCENE(pool_awaited, "a task of a pool is awaited, and waits",
            "waits for a task's result: that of a pool's task.",
            "pool, at test_stuck_words.c:", "waits for a notify on word.")
{
    Future *future = pool_start(pool_new(1), wait_in_pool, NULL, 0);
    gate_pass(&begun);
    CHECK_INT(future_await(future).type, VALUE_NONE);
}

STUCK_SCENE(pool_ends_later, "a task of a pool has settled, and does not end",
            "waits for a task to end: one of a pool.",
            "pool, at test_stuck_words.c:", "waits for a notify on word.")
{
    Future *future = pool_start(pool_new(1), return_in_pool, NULL, 0);
    gate_pass(&begun);
    future_join(&future);
}

// The text itself. No thread waits in these.

static Report report;

static void begin(size_t indent)
{
    report = (Report){ .indent = indent };
}

static void check_text(const char *expected)
{
    report.bytes[report.size] = '\0';
    CHECK_TEXT(report.bytes, expected);
}

#define LONG_WORD                                                              \
    "wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww" \
    "ww"                                                                       \
    "wwwwwwwwww"

TEST(long_word, "a word that is longer than a line is not broken")
{
    begin(4);
    report_format(&report, "%s", LONG_WORD);
    check_text(LONG_WORD);
    report_format(&report, " %s %s", "and", LONG_WORD);
    check_text(LONG_WORD "\n    and\n    " LONG_WORD);
}

TEST(numbers, "numbers are decimal, and one thing is not two")
{
    begin(0);
    report_format(&report, "%zu item%s of %zu, %zu item%s", (size_t)0,
                  plural(0), (size_t)12345, (size_t)1, plural(1));
    check_text("0 items of 12345, 1 item");
}

// The end may come anywhere in a line, also where it would be broken.
TEST(full, "a report that is too long is cut, wherever its lines end")
{
    for (size_t first = 0; first < 80; first++) {
        begin(40);
        report_format(&report, "%s", &LONG_WORD[sizeof LONG_WORD - 1 - first]);
        for (int i = 0; i < 10000; i++)
            report_format(&report, " a word");
        CHECK_INT((long long)report.size, REPORT_BYTES - 1);
    }
}

TEST(places, "a place is a file's name and a line, without folders")
{
    CHECK_TEXT(place_name("main.c:12"), "main.c:12");
    CHECK_TEXT(place_name("../some/main.c:12"), "main.c:12");
    CHECK_TEXT(place_name(NULL), "the library");
}

static void check_argument(const char *call_site, unsigned index,
                           const char *expected)
{
    begin(0);
    bool found = report_argument(&report, "", call_site, index);
    CHECK(found == (expected != NULL));
    check_text(expected ? expected : "");
}

TEST(arguments, "the arguments of a call are found behind its place")
{
    const char *call = "main.c:1\0call(&a, f(b, \"c\")[d], &e)";
    check_argument(call, 0, "a");
    check_argument(call, 1, "f(b, \"c\")[d]");
    check_argument(call, 2, "e");
    check_argument(call, 3, NULL);
    check_argument("main.c:1\0call", 0, NULL);
    check_argument("main.c:1\0call(a", 0, "a");
    check_argument(NULL, 0, NULL);
}

TEST(thread_named, "a thread is named outside of an explained wait, too")
{
    Blocked waits = { .name = "main", .number = 1 };
    begin(0);
    report.blocked = &waits;
    report_thread(&report, 1);
    report_format(&report, "; ");
    report_thread(&report, 2);
    check_text("main, which waits too; a thread that does not wait");
}

// Circles.

static void explain_first(const Wait *wait, Report *to)
{
    (void)wait;
    report_thread(to, 1);
}

static void explain_either(const Wait *wait, Report *to)
{
    (void)wait;
    report_thread(to, 2);
    report_format(to, " or ");
    report_thread(to, 3);
}

// The edge to the second holder alone would close a circle.
TEST(either, "a thread that waits for either of two threads is in no circle")
{
    const Wait either = { .explain = explain_either };
    const Wait first = { .explain = explain_first };
    long long since = deadline_now_ns() - 12340 * 1000LL * 1000;
    Blocked third = { .name = "third", .number = 3, .wait = &first };
    third.since = since;
    Blocked main_thread = {
        .next = &third, .name = "main", .number = 1, .wait = &either
    };
    report_begin(&report, &main_thread, false, "Stuck.");
    report.bytes[report.size] = '\0';
    CHECK(strstr(report.bytes, "does not wait or third, which waits too"));
    CHECK(strstr(report.bytes, "waits main, which waits too"));
    CHECK(strstr(report.bytes, "third, for 12."));
    CHECK(strstr(report.bytes, "circle") == NULL);

    main_thread.wait = &first;
    report_begin(&report, &main_thread, false, "Stuck.");
    report.bytes[report.size] = '\0';
    CHECK(strstr(report.bytes, "A circle: main waits for main."));
}
