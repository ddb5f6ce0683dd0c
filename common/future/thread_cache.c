// Cached threads, as in Java's Executors.newCachedThreadPool: a thread whose
// task has ended waits half a second for the next one, because starting a
// thread costs more than most tasks. The invariant: every thread is joined, by
// the next thread that ends or by exit.
#include "base/base.h"

#include "deadlock/deadlock.h"
#include "future_internal.h"
#include "os/wait_list.h"

enum { KEPT_FOR_MS = 500 };

// A thread, on its own stack.
typedef struct TaskThread {
    pthread_t id;
    Future *future;  // the future that it runs. While it is idle, the next
                     // one, guarded by the lock; NULL tells it to end.
} TaskThread;

static SpinHabit habit;  // of idle threads

static Lock lock;
static WaitList idle GUARDED_BY(lock);  // their `what` is a TaskThread; last
                                        // in, first out
static bool exiting GUARDED_BY(lock);   // exit was called: a thread ends only
                                        // when it is told to

// The last thread that ended and was not joined. A thread that ends joins the
// one that ended before it, and exit joins the last.
static bool one_has_ended GUARDED_BY(lock);
static pthread_t ended GUARDED_BY(lock);

// The last step of a thread that was not told to end. After exit was called
// none would join it, so it stays until the process is gone.
static void end_thread(void) RELEASES(lock)
{
    if (exiting) {
        lock_release(&lock);
        waiter_sleep(&(Waiter){ 0 }, DEADLINE_NEVER);
        return;
    }
    bool join = one_has_ended;
    pthread_t previous = ended;
    one_has_ended = true;
    ended = pthread_self();
    lock_release(&lock);
    if (join)
        must(pthread_join(previous, NULL));
}

// Called by exit, in any thread. Tasks that still run are not waited for. A
// signal handler may have called exit: in a thread that has the lock, and then
// the idle threads stay; or in an idle thread, which does not join itself.
static void end_all(void)
{
    if (!lock_try(&lock))
        return;
    exiting = true;
    while (idle.last) {
        WaitNode *node = wait_node(idle.last);
        TaskThread *thread = node->what;
        pthread_t id = thread->id;
        thread->future = NULL;
        wait_list_serve(&idle, node);
        lock_release(&lock);
        if (!pthread_equal(id, pthread_self()))
            must(pthread_join(id, NULL));
        lock_acquire(&lock);
    }
    // A thread does not join itself: this is the last thread of the process, if
    // main's thread has ended by pthread_exit.
    bool join = one_has_ended && !pthread_equal(ended, pthread_self());
    pthread_t last = ended;
    lock_release(&lock);
    if (join)
        must(pthread_join(last, NULL));
}

// A fork handler. The child has none of these threads: it starts afresh, also
// with a lock that another thread held in that moment.
static void in_child(void) LOCKS_UNCHECKED
{
    idle = (WaitList){ 0 };
    one_has_ended = false;
    lock = (Lock){ 0 };
}

static void prepare(void)
{
    must_be_zero(atexit(end_all) == 0 ? 0 : ENOMEM, "atexit");
    must(pthread_atfork(NULL, NULL, in_child));
}

// Waits for the next task. Leaves the last future only when this thread is on
// the list: so a program that joins one task and starts another gets the same
// thread. Returns false when it is time to end.
static bool wait_for_next(TaskThread *thread)
{
    Future *last = thread->future;
    WaitNode node;
    Waiter waiter = { 0 };
    lock_acquire(&lock);
    wait_list_add(&idle, &node, &waiter, thread);
    lock_release(&lock);
    future_leave(last);

    Deadline deadline = deadline_in_ms(KEPT_FOR_MS);
    waiter_spin(&waiter, &habit, deadline);
    waiter_sleep(&waiter, deadline);
    lock_acquire(&lock);
    if (!node.served) {
        wait_list_remove(&idle, &node);
        end_thread();
        return false;
    }
    lock_release(&lock);
    return thread->future != NULL;
}

// A cleanup handler: the task has ended its thread by pthread_exit.
static void end_early(void *arg)
{
    TaskThread *thread = arg;
    deadlock_thread_is("task", NULL, NULL);
    future_settle_silently(thread->future);
    TRACED(ran());
    future_leave(thread->future);
    lock_acquire(&lock);
    end_thread();
}

static void *run_tasks(void *arg)
{
    TaskThread thread = { pthread_self(), arg };
    thread_set_name("task");
    pthread_cleanup_push(end_early, &thread);
    do {
        deadlock_thread_is("task", thread.future, future_explain_task);
        if (future_begin(thread.future, 0))  // or it was cancelled
            future_run(thread.future);
        deadlock_thread_is("task", NULL, NULL);  // it may be freed soon
    } while (wait_for_next(&thread));
    pthread_cleanup_pop(0);
    return NULL;
}

int thread_cache_run(Future *future)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    lock_acquire(&lock);
    WaitNode *node = wait_node(idle.last);
    if (node) {
        TaskThread *thread = node->what;
        thread->future = future;
        wait_list_serve(&idle, node);
    }
    lock_release(&lock);
    if (node)
        return 0;
    must(pthread_once(&once, prepare));
    pthread_t id;  // the thread knows it
    return pthread_create(&id, NULL, run_tasks, future);
}
