// The promises of the headers about calls that end something: NULL stays
// behind, and a second end, or any other use of that NULL, ends the process and
// says where the call is and what is wrong with it.

#include <stdio.h>

#include "pool.h"
#include "queue.h"
#include "shared_map.h"
#include "test.h"
#include "worker_threads.h"

// The arguments of the calls: each one was ended.
static Worker *worker;
static Future *future, *futures[1];
static Pool *pool;
static Queue *queue;
static SharedMap *map;

static int item;
static size_t chosen;
static long long number;
static double real;
static bool boolean;
static char text[8];
static Value value;

static void do_nothing(Task *self)
{
    (void)self;
}

static bool leave_it(Value *old, void *context)
{
    (void)old;
    (void)context;
    return false;
}

static void visit(const MapEntry *entry, void *context)
{
    (void)entry;
    (void)context;
}

// A call, and what must be said of it: this file, its line and its name.
typedef struct Call {
    void (*run)(void);
    const char *said;
} Call;

#define CALL(name, function, ...) CALL_FOR(name, (void), function, __VA_ARGS__)
#define CALL_FOR(name, use, function, ...)                                     \
    static void name(void)                                                     \
    {                                                                          \
        use function(__VA_ARGS__);                                             \
    }                                                                          \
    static const char said_of_##name[] =                                       \
        __FILE__ ":" COMMON_LINE ": " #function ": the ";

#define SAID(name)                                                             \
    {                                                                          \
        name, said_of_##name                                                   \
    }

static void check_calls(const Call calls[], size_t count, const char *reason)
{
    for (size_t i = 0; i < count; i++) {
        char words[300];
        snprintf(words, sizeof words, "%s%s", calls[i].said, reason);
        CHECK_DIES(calls[i].run, words);
    }
}

#define CHECK_CALLS(calls, reason)                                             \
    check_calls(calls, sizeof(calls) / sizeof *(calls), reason)

static void end_at_once(WorkerContext *self)
{
    (void)self;
}

CALL(join_worker, worker_join, &worker)
CALL(get_error, worker_error, worker)

TEST(no_worker, "a worker is NULL after its join; a call with that dies")
{
    static const Call calls[] = { SAID(join_worker), SAID(get_error) };
    worker = worker_start(end_at_once, NULL);
    worker_join(&worker);
    CHECK(worker == NULL);
    CHECK_CALLS(calls, "worker is NULL: it was joined, or never started");
}

CALL(join_future, future_join, &future)
CALL(join_futures, future_join_all, futures, 1)
CALL_FOR(await, value =, future_await, future)
CALL_FOR(await_by, boolean = WAIT_OK ==, future_await_until, future, &value,
         DEADLINE_NOW)
CALL_FOR(await_all, value =, future_await_all, futures, 1, NULL)
CALL_FOR(await_all_by, boolean = WAIT_OK ==, future_await_all_until, futures, 1,
         NULL, &value, DEADLINE_NOW)
CALL_FOR(await_any, value =, future_await_any, futures, 1, NULL)
CALL_FOR(await_any_by, boolean = WAIT_OK ==, future_await_any_until, futures, 1,
         &value, &chosen, DEADLINE_NOW)
CALL(cancel, future_cancel, future)

static const Call future_calls[] = {
    SAID(join_future), SAID(join_futures), SAID(await),
    SAID(await_by),    SAID(await_all),    SAID(await_all_by),
    SAID(await_any),   SAID(await_any_by), SAID(cancel),
};

TEST(no_future, "a future is NULL after its join; a call with that dies")
{
    future = future_start(do_nothing, NULL, 0);
    futures[0] = future_start(do_nothing, NULL, 0);
    future_join(&future);
    future_join_all(futures, 1);
    CHECK(future == NULL);
    CHECK(futures[0] == NULL);
    CHECK_CALLS(future_calls,
                "future is NULL: it was joined, or never started");
}

CALL(join_pool, pool_join, &pool)
CALL(start, pool_start, pool, do_nothing, NULL, 0)

TEST(no_pool, "a pool is NULL after its join; a call with that dies")
{
    static const Call calls[] = { SAID(join_pool), SAID(start) };
    pool = pool_new(1);
    pool_join(&pool);
    CHECK(pool == NULL);
    CHECK_CALLS(calls, "pool is NULL: it was joined, or never made");
}

CALL(free_queue, queue_free, &queue)
CALL(send, queue_send, queue, &item)
CALL(send_by, queue_send_until, queue, &item, DEADLINE_NOW)
CALL(receive, queue_receive, queue, &item)
CALL(receive_by, queue_receive_until, queue, &item, DEADLINE_NOW)
CALL(close_queue, queue_close, queue)
CALL(size, queue_size, queue)
CALL(capacity, queue_capacity, queue)

TEST(no_queue, "a queue is NULL after its end; a call with that dies")
{
    static const Call calls[] = { SAID(free_queue), SAID(send),
                                  SAID(send_by),    SAID(receive),
                                  SAID(receive_by), SAID(close_queue),
                                  SAID(size),       SAID(capacity) };
    queue = queue_new(1, sizeof item);
    queue_free(&queue);
    CHECK(queue == NULL);
    CHECK_CALLS(calls, "queue is NULL: it was freed, or never made");
}

CALL(free_map, shared_map_free, &map)
CALL(buffer, shared_map_buffer, map)
CALL(set_int, shared_map_set_int, map, "key", 1)
CALL(set_real, shared_map_set_real, map, "key", 1.5)
CALL(set_bool, shared_map_set_bool, map, "key", true)
CALL(set_null, shared_map_set_null, map, "key")
CALL(set_text, shared_map_set_text, map, "key", "text")
CALL(set_bytes, shared_map_set_bytes, map, "key", "bytes", 5)
CALL(set, shared_map_set, map, "key", value_int(1))
CALL(get_int, shared_map_get_int, map, "key", &number)
CALL(get_real, shared_map_get_real, map, "key", &real)
CALL(get_bool, shared_map_get_bool, map, "key", &boolean)
CALL(get_text, shared_map_get_text, map, "key", text, sizeof text)
CALL(get, shared_map_get, map, "key", &value)
CALL(type, shared_map_type, map, "key")
CALL(has, shared_map_has, map, "key")
CALL(delete_key, shared_map_delete, map, "key")
CALL(clear, shared_map_clear, map)
CALL(size_of_map, shared_map_size, map)
CALL(add, shared_map_add, map, "key", 1, NULL)
CALL(swap, shared_map_compare_and_set, map, "key", value_int(1), value_int(2))
CALL(set_if_absent, shared_map_set_if_absent, map, "key", value_int(1))
CALL(update, shared_map_update, map, "key", leave_it, NULL)
CALL(entries, shared_map_entries, map)
CALL(for_each, shared_map_for_each, map, visit, NULL)
CALL(print, shared_map_print, map, stdout)
CALL(set_n, shared_map_set_n, map, "key", 3, value_int(1))
CALL(get_n, shared_map_get_n, map, "key", 3, &value)
CALL(has_n, shared_map_has_n, map, "key", 3)
CALL(delete_n, shared_map_delete_n, map, "key", 3)
CALL(swap_n, shared_map_compare_and_set_n, map, "key", 3, value_int(1),
     value_int(2))
CALL(update_n, shared_map_update_n, map, "key", 3, leave_it, NULL)

static const Call map_calls[] = {
    SAID(free_map), SAID(buffer),      SAID(set_int),  SAID(set_real),
    SAID(set_bool), SAID(set_null),    SAID(set_text), SAID(set_bytes),
    SAID(set),      SAID(get_int),     SAID(get_real), SAID(get_bool),
    SAID(get_text), SAID(get),         SAID(type),     SAID(has),
    SAID(clear),    SAID(size_of_map), SAID(add),      SAID(swap),
    SAID(update),   SAID(entries),     SAID(for_each), SAID(set_if_absent),
    SAID(print),    SAID(set_n),       SAID(get_n),    SAID(has_n),
    SAID(delete_n), SAID(swap_n),      SAID(update_n), SAID(delete_key),
};

static const char map_is_null[] =
    "map is NULL: it was freed or closed, or never made";

TEST(no_map, "a map is NULL after its end; a call with that dies")
{
    map = shared_map_new();
    shared_map_free(&map);
    CHECK(map == NULL);
    CHECK_CALLS(map_calls, map_is_null);
}

static void free_no_queue(void)
{
    queue_free(NULL);
}

static void join_no_worker(void)
{
    worker_join(NULL);
}

static void join_no_future(void)
{
    future_join(NULL);
}

static void join_no_pool(void)
{
    pool_join(NULL);
}

static void free_no_map(void)
{
    shared_map_free(NULL);
}

TEST(no_address, "an end of NULL dies as an end of what is NULL")
{
    CHECK_DIES(free_no_queue, "queue_free: the queue is NULL");
    CHECK_DIES(join_no_worker, "worker_join: the worker is NULL");
    CHECK_DIES(join_no_future, "future_join: the future is NULL");
    CHECK_DIES(join_no_pool, "pool_join: the pool is NULL");
    CHECK_DIES(free_no_map, "shared_map_free: the map is NULL");
}
