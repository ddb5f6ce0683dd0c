// Pools: that every task runs, how many at once, and how a pool ends. Tasks
// that run in other threads than the pool's are in test_pool_await.c.

#include <pthread.h>

#include "busy_pool.h"
#include "os/os.h"
#include "test.h"

// Results that come back.

static void square(Task *self)
{
    const int *number = self->args;
    task_return(self, value_int((long long)*number * *number));
}

static long long sum_of_squares(Pool *pool, Future *futures[], int count)
{
    for (int i = 0; i < count; i++)
        futures[i] = pool_start(pool, square, &i, sizeof i);
    long long sum = 0;
    for (int i = 0; i < count; i++) {
        sum += future_await(futures[i]).integer;
        future_join(&futures[i]);
    }
    return sum;
}

TEST(ten_thousand, "ten thousand small tasks, each with its own arguments")
{
    static Future *futures[10000];
    Pool *pool = pool_new(4);
    CHECK_INT(sum_of_squares(pool, futures, 10000), 333283335000);
    pool_join(&pool);
}

static void return_text_and_overwrite(Task *self)
{
    char buffer[] = "as it was";
    task_return(self, value_text(buffer));
    memset(buffer, '#', sizeof buffer - 1);
}

static void fail(Task *self)
{
    task_return_error(self, "%s", "pool");
}

TEST(outcomes, "a value, an error or nothing comes back, as of any future")
{
    Pool *pool = pool_new(1);
    Future *returned = pool_start(pool, return_text_and_overwrite, NULL, 0);
    Future *failed = pool_start(pool, fail, NULL, 0);
    Future *silent = pool_start(pool, count_run, NULL, 0);
    pool_join(&pool);  // the futures live on
    CHECK_TEXT(future_await(returned).text, "as it was");
    CHECK_INT(future_await(failed).type, VALUE_ERROR);
    CHECK_TEXT(future_await(failed).text, "pool");
    CHECK_INT(future_await(silent).type, VALUE_NONE);
    future_join(&returned);
    future_join(&failed);
    future_join(&silent);
}

// The threads.

static atomic_int expected, met;

static void meet_all(Task *self)
{
    (void)self;
    gate_meet(&go, &met, atomic_load(&expected));
}

// Only as many threads at once can let so many tasks end.
static void check_meeting(size_t threads, int tasks)
{
    atomic_store(&expected, tasks);
    Future *futures[64];
    Pool *pool = pool_new(threads);
    for (int i = 0; i < tasks; i++)
        futures[i] = pool_start(pool, meet_all, NULL, 0);
    pool_join(&pool);
    future_join_all(futures, (size_t)tasks);
}

TEST(threads, "a pool of five threads runs five tasks at once")
{
    check_meeting(5, 5);
}

TEST(a_thread_per_core, "a pool of 0 threads has one for each core")
{
    check_meeting(0, thread_cores() < 64 ? (int)thread_cores() : 64);
}

static atomic_int running, most;

static void run_with_others(Task *self)
{
    count_run(self);
    int now = atomic_fetch_add(&running, 1) + 1;
    int before = atomic_load(&most);
    while (before < now && !atomic_compare_exchange_weak(&most, &before, now))
        continue;
    test_let_others_run();
    atomic_fetch_sub(&running, 1);
}

TEST(no_more_threads, "a pool of two threads never runs three tasks at once")
{
    Future *futures[8];
    Pool *pool = pool_new(2);
    for (int i = 0; i < 8; i++)
        futures[i] = pool_start(pool, run_with_others, NULL, 0);
    pool_join(&pool);
    CHECK_INT(atomic_load(&runs), 8);
    CHECK(atomic_load(&most) <= 2);
    future_join_all(futures, 8);
}

TEST(independent, "a pool works, and ends, while another one is stuck")
{
    static Future *futures[100];
    Future *busy_with;
    Pool *stuck = busy_pool(&busy_with);
    Pool *other = pool_new(2);
    CHECK_INT(sum_of_squares(other, futures, 100), 328350);
    pool_join(&other);
    set_free(stuck, busy_with);
}

static Pool *common;  // set before the tasks that use it start

static void start_hundreds(Task *self)
{
    Future *futures[500];
    task_return(self, value_int(sum_of_squares(common, futures, 500)));
}

TEST(many_start, "many threads start tasks in one pool at once")
{
    Future *starting[4];
    common = pool_new(2);
    for (int i = 0; i < 4; i++)
        starting[i] = future_start(start_hundreds, NULL, 0);
    for (int i = 0; i < 4; i++)
        CHECK_INT(future_await(starting[i]).integer, 41541750);
    future_join_all(starting, 4);
    pool_join(&common);
}

TEST(more_than_fit, "a full queue does not hold up the one who starts tasks")
{
    static Future *futures[5000];
    Future *busy_with;
    Pool *pool = busy_pool(&busy_with);
    for (int i = 0; i < 5000; i++)
        futures[i] = pool_start(pool, count_run, NULL, 0);
    set_free(pool, busy_with);
    CHECK_INT(atomic_load(&runs), 5000);
    future_join_all(futures, 5000);
}

// A task would run deeper in the stack each time, and the mutex would be locked
// twice, did pool_start run what it starts.

enum { RESTARTS = 200000 };

static Future *again[RESTARTS];  // each is written before the next one runs

static void restart(Task *self)
{
    const int *left = self->args;
    int next = *left - 1;
    count_run(self);
    if (*left > 0)
        again[next] = pool_start(common, restart, &next, sizeof next);
}

static void restart_behind(int waiting)
{
    static Future *futures[5000];
    Future *busy_with;
    int left = RESTARTS - 1;
    common = busy_pool(&busy_with);
    again[left] = pool_start(common, restart, &left, sizeof left);
    for (int i = 0; i < waiting; i++)
        futures[i] = pool_start(common, count_run, NULL, 0);
    set_free(common, busy_with);  // which joins the pool
    CHECK_INT(atomic_load(&runs), RESTARTS + waiting);
    future_join_all(futures, (size_t)waiting);
    future_join_all(again, RESTARTS);
}

TEST(restarts,
     "a task that starts itself again, and again, while its pool ends")
{
    restart_behind(0);
}

TEST(restarts_behind_many, "the same while thousands of tasks wait")
{
    restart_behind(5000);
}

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void lock_mutex(Task *self)
{
    CHECK_INT(pthread_mutex_lock(&mutex), 0);
    count_run(self);
    CHECK_INT(pthread_mutex_unlock(&mutex), 0);
}

TEST(callers_mutex, "tasks need a mutex that their starter has meanwhile")
{
    static Future *futures[5000];
    Pool *pool = pool_new(2);
    CHECK_INT(pthread_mutex_lock(&mutex), 0);
    for (int i = 0; i < 5000; i++)
        futures[i] = pool_start(pool, lock_mutex, NULL, 0);
    CHECK_INT(pthread_mutex_unlock(&mutex), 0);
    future_join_all(futures, 5000);
    CHECK_INT(atomic_load(&runs), 5000);
    pool_join(&pool);
}

// The end of a task, and of a pool.

static bool ended;  // written by a task, read when it was joined

static void return_and_go_on(Task *self)
{
    gate_open(&busy);
    task_return(self, value_int(1));
    gate_pass(&go);
    test_let_others_run();
    ended = true;
}

TEST(settles_and_goes_on, "await returns while the task goes on, join waits")
{
    Pool *pool = pool_new(1);
    Future *future = pool_start(pool, return_and_go_on, NULL, 0);
    gate_pass(&busy);
    CHECK_INT(future_await(future).integer, 1);
    gate_open(&go);
    future_join(&future);
    CHECK(ended);
    pool_join(&pool);
}

TEST(unused, "a pool that was given nothing to do can be joined")
{
    for (int i = 0; i < 20; i++)
        pool_join(&(Pool *){ pool_new(3) });
}

TEST(used_again, "what several pools leave behind is used by those that follow")
{
    for (int round = 0; round < 5; round++) {
        Pool *pools[4];
        Future *futures[4];
        for (int i = 0; i < 4; i++) {
            pools[i] = pool_new(1);
            futures[i] = pool_start(pools[i], count_run, NULL, 0);
        }
        for (int i = 0; i < 4; i++)
            pool_join(&pools[i]);
        future_join_all(futures, 4);
    }
    CHECK_INT(atomic_load(&runs), 20);
}

static void open_a_little_later(Task *self)
{
    (void)self;
    test_let_others_run();
    gate_open(&go);
}

TEST(join_runs_all, "pool_join waits until all that is queued has run")
{
    Future *futures[200];
    Future *busy_with;
    Pool *pool = busy_pool(&busy_with);
    for (int i = 0; i < 200; i++)
        futures[i] = pool_start(pool, count_run, NULL, 0);
    Future *opening = future_start(open_a_little_later, NULL, 0);
    pool_join(&pool);
    CHECK_INT(atomic_load(&runs), 200);
    future_join_all(futures, 200);
    future_join(&busy_with);
    future_join(&opening);
}

static void grow(Task *self)
{
    const int *height = self->args;
    gate_pass(&go);
    long long count = 1;
    for (int i = 0, next = *height - 1; next >= 0 && i < 2; i++) {
        Future *child = pool_start(common, grow, &next, sizeof next);
        count += future_await(child).integer;
        future_join(&child);
    }
    task_return(self, value_int(count));
}

TEST(start_while_joined, "tasks start tasks in their pool while it is joined")
{
    common = pool_new(2);
    Future *future = pool_start(common, grow, &(int){ 7 }, sizeof(int));
    Future *opening = future_start(open_a_little_later, NULL, 0);
    pool_join(&common);
    CHECK_INT(future_await(future).integer, 255);
    future_join(&future);
    future_join(&opening);
}
