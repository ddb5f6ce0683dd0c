// Long chains: each task of a pool awaits the next one, which has not begun. A
// thread that helps nests these on its stack, and must not overflow it.

#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pool.h"
#include "sanitizers.h"
#include "test.h"

typedef Value Waiting(Future *future);

static Pool *pool;
static Waiting *wait_for;

static void be_link(Task *self)
{
    int left = *(const int *)self->args;
    long long below = -1;
    if (left > 0) {
        int next = left - 1;
        Future *future = pool_start(pool, be_link, &next, sizeof next);
        below = wait_for(future).integer;
        future_join(&future);
    }
    task_return(self, value_int(below + 1));
}

static void check_chain(Waiting *waiting, int length)
{
    pool = pool_new(1);
    wait_for = waiting;
    Future *future = pool_start(pool, be_link, &length, sizeof length);
    CHECK_INT(future_await(future).integer, length);
    future_join(&future);
    pool_join(&pool);
}

static Value await_all(Future *future)
{
    Value value;
    CHECK_INT(future_await_all(&future, 1, &value).type, VALUE_NONE);
    return value;
}

static Value await_any(Future *future)
{
    return future_await_any(&future, 1, NULL);
}

static Value await_far(Future *future)
{
    Value value;
    CHECK_INT(future_await_until(future, &value, DEADLINE_NEVER), WAIT_OK);
    return value;
}

static int many(void)
{
    return test_rounds(100000);
}

TEST(await, "a chain of 100,000 tasks that await each other, in one thread")
{
    check_chain(future_await, many());
}

TEST(await_until, "the same with a deadline that never comes")
{
    check_chain(await_far, many());
}

TEST(all, "the same with future_await_all")
{
    check_chain(await_all, many());
}

TEST(any, "the same with future_await_any")
{
    check_chain(await_any, many());
}

// future_join runs the next task: there is no value to bring back.

static long long length_joined;  // of a chain, one link after the other

static Value join_first(Future *future)
{
    future_join(&future);
    return value_int(0);
}

static void be_joined_link(Task *self)
{
    int left = *(const int *)self->args;
    if (left > 0) {
        int next = left - 1;
        join_first(pool_start(pool, be_joined_link, &next, sizeof next));
    }
    length_joined++;
}

TEST(join, "the same with future_join")
{
    pool = pool_new(1);
    int length = many();
    future_join(&(Future *){
        pool_start(pool, be_joined_link, &length, sizeof length) });
    CHECK_INT(length_joined, length + 1);
    pool_join(&pool);
}

TEST(shorter, "a chain of 20,000 tasks")
{
    check_chain(future_await, 20000);
}

// A C library may look at the limit only when the program starts.
TEST(small_stack, "the same where a stack has 256 KiB")
{
    const char *emulator = getenv("RUNNER");
    if (THREAD_SANITIZER || (emulator && *emulator))
        test_skip("ThreadSanitizer and emulators need more of a stack");
    pid_t child = fork();
    if (child == 0) {
        struct rlimit limit = { 256 * 1024, 256 * 1024 };
        if (setrlimit(RLIMIT_STACK, &limit) == 0)
            execl(test_program(), test_program(), "shorter", (char *)NULL);
        _exit(7);
    }
    int status;
    CHECK_INT(waitpid(child, &status, 0), child);
    CHECK_INT(status, 0);
}
