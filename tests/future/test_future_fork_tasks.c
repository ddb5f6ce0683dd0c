// Tasks that fork: in the child the task goes on and its future settles, and no
// other thread of the parent is there.

#include "kit.h"
#include "task_fork.h"
#include "worker_threads.h"

static Future *forking;
static atomic_bool awaited;  // by four threads
static atomic_int registered;

static void await_forking(Task *self)
{
    Value value;
    if (atomic_fetch_add(&registered, 1) == 3)
        atomic_store(&awaited, true);
    // Sleeps, because it has a deadline; and its stack is used again in a
    // child.
    if (future_await_until(forking, &value, far_away()) == WAIT_OK)
        task_return(self, value);
}

static void await_in_thread(void)
{
    Future *awaiting = future_start(await_forking, NULL, 0);
    CHECK_INT(future_await(awaiting).integer, 9);
    future_join(&awaiting);
}

static void fork_in_task(Task *self)
{
    look_for(&awaited);
    test_let_others_run();  // so that they sleep, very probably
    pid_t child = fork_with_deadline();
    if (child == 0) {
        use_many_stacks();
        task_return(self, value_int(9));
        await_in_thread();
        check_own();
        _exit(CHILD_DONE);
    }
    task_return(self, value_int(status_of(child)));
}

TEST(task_forks, "a task goes on in the child that it forks, and its future "
                 "settles there, and in the parent")
{
    children_must_have_threads();
    Future *others[4];
    forking = future_start(fork_in_task, NULL, 0);
    for (int i = 0; i < 4; i++)
        others[i] = future_start(await_forking, NULL, 0);
    for (int i = 0; i < 4; i++)
        CHECK_INT(future_await(others[i]).integer, CHILD_DONE);
    future_join_all(others, 4);
    future_join(&forking);
}

TEST(last_thread, "the child of a task ends with status 0 when the task ends")
{
    sanitizer_must_not_lock();
    if (THREAD_SANITIZER)
        test_skip("ThreadSanitizer dies of a thread that ends in a child");
    Future *future = future_start(fork_and_return, NULL, 0);
    CHECK_INT(future_await(future).integer, 0);
    future_join(&future);
}

static atomic_bool may_fork, joins;

static void join_forking(Task *self)
{
    atomic_store(&joins, true);
    future_join(&forking);
    task_return(self, value_int(1));
}

static void fork_and_be_joined(Task *self)
{
    look_for(&may_fork);
    pid_t child = fork_with_deadline();
    if (child == 0) {
        task_return(self, value_none());
        Future *joining = future_start(join_forking, NULL, 0);
        Value value;
        look_for(&joins);
        CHECK(future_await_until(joining, &value, deadline_in_ms(50)) ==
              WAIT_TIMED_OUT);
        _exit(CHILD_DONE);
    }
    task_return(self, value_int(status_of(child)));
}

TEST(join_waits, "in the child of a task, a join waits for that task's end")
{
    children_must_have_threads();
    forking = future_start(fork_and_be_joined, NULL, 0);
    atomic_store(&may_fork, true);
    CHECK_INT(future_await(forking).integer, CHILD_DONE);
    future_join(&forking);
}
