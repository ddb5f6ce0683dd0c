// The deadlock detector. A thread that has slept for a while is on a list. When
// every thread of the process is on it, and none has been woken, none ever will
// be: a thread leaves the list only under the lock with which it is looked at.
// So the last thread that comes finds the deadlock.
#include "base/base.h"

#include "deadlock_report.h"

#ifndef COMMON_QUIET

// A spin lock, held for a few instructions, and not a Lock: a signal handler
// must be able to give up, and to release it on every system.
typedef struct LOCK_TYPE ListLock {
    _Atomic unsigned long owner;  // the number of the thread that has it, or 0
} ListLock;

static ListLock lock;
static Blocked *blocked GUARDED_BY(lock);  // by thread number
static Report report GUARDED_BY(lock);

// Its name and what it runs are there from the start, the rest while it sleeps.
static _Thread_local Blocked self;
static _Thread_local bool is_main;

// For a signal handler, and for exit, which a handler may call: gives up when
// the thread that it interrupted has the list, or after SPIN_TURNS.
//
// Release and acquire: what a thread has written of itself happens before
// another thread reads it on the list.
static bool try_list(void) TRY_ACQUIRES(lock) LOCKS_UNCHECKED
{
    unsigned long own = thread_number(), owner = 0;
    for (unsigned turns = 0;
         !atomic_compare_exchange_strong_explicit(&lock.owner, &owner, own,
                                                  memory_order_acquire,
                                                  memory_order_relaxed);
         owner = 0, spin_yield(&turns))
        if (owner == own || turns >= SPIN_TURNS)
            return false;
    return true;
}

static void acquire_list(void) ACQUIRES(lock) LOCKS_UNCHECKED
{
    while (!try_list())
        if (atomic_load_explicit(&lock.owner, memory_order_relaxed) ==
            thread_number())
            die(CALLED_IN_A_HANDLER);
}

static void release_list(void) RELEASES(lock) LOCKS_UNCHECKED
{
    atomic_store_explicit(&lock.owner, 0, memory_order_release);
}

void deadlock_thread_is(const char *name, const void *runs,
                        void (*explain_run)(const void *runs, Report *report))
{
    self.name = name;
    self.runs = runs;
    self.explain_run = explain_run;
}

// A waiter that no thread has woken, or a join of a thread that is on the list
// and so has not ended.
static bool is_stuck(const Blocked *thread) REQUIRES(lock)
{
    if (thread->waiter)
        return !waiter_is_woken(thread->waiter);
    for (const Blocked *b = blocked; b; b = b->next)
        if (b->runs == thread->joins)
            return true;
    return false;
}

// SIGQUIT; safe in a signal handler.
static void on_quit(int signal)
{
    (void)signal;
    int error = errno;
    if (try_list()) {
        report_begin(&report, blocked, false,
                     blocked ? "Waiting, for longer than a moment:"
                             : "No thread has waited for longer than a "
                               "moment.");
        report_write(&report);
        release_list();
    }
    errno = error;
}

// Ends the process if all of its threads are stuck. A signal handler could
// still wake one.
static void look(void)
{
    acquire_list();
    bool stuck = true;
    size_t running = process_threads();
    for (const Blocked *b = blocked; b; b = b->next, running--)
        stuck = stuck && is_stuck(b);
    if (stuck && running == 0 && !process_catches_signals(on_quit)) {
        report_begin(&report, blocked, true,
                     blocked->next == NULL
                         ? "Stuck: the only thread waits, with no deadline, "
                           "and nobody is left to wake it."
                         : "Stuck: all threads wait, with no deadline, and "
                           "nobody is left to wake one.");
        TRACED(write());
        report_end(&report);
        end_process(DEADLOCK_STATUS, report.bytes, report.size);
    }
    release_list();
}

static void enter(const Waiter *waiter, const void *joins, const Wait *wait,
                  long long since)
{
    self.waiter = waiter;
    self.joins = joins;
    self.wait = wait;
    self.since = since;
    self.place = called_from;
    self.number = thread_number();
    acquire_list();
    Blocked **link = &blocked;
    while (*link && (*link)->number < self.number)
        link = &(*link)->next;
    self.next = *link;
    *link = &self;
    release_list();
}

// A thread that looks at the list also reads what `wait` points to, on the
// stack of the thread that sleeps. So a woken thread goes on only after this.
static void leave(void)
{
    acquire_list();
    Blocked **link = &blocked;
    while (*link != &self)
        link = &(*link)->next;
    *link = self.next;
    release_list();
}

// A thread that slept this long goes on the list; with 0, for tests, each
// thread.
#ifndef STUCK_AFTER_MS
#define STUCK_AFTER_MS 250
#endif

// Then it looks whether all are stuck, and OFTEN times again after as long, and
// then less and less often: a thread that the library does not know may have
// ended since.
enum { LOOK_AGAIN_MS = STUCK_AFTER_MS > 0 ? STUCK_AFTER_MS : 1, OFTEN = 4 };

// A doze leaves the wake-up to the waiter_sleep at the end, which takes it.
bool deadlock_sleep(Waiter *waiter, Deadline deadline, const Wait *wait)
{
    if (deadline.ns != DEADLINE_NEVER.ns)
        return waiter_sleep(waiter, deadline);

    long long since = deadline_now_ns(), ms = STUCK_AFTER_MS;
    int looks = 0;
    for (; !waiter_doze(waiter, deadline_in_ms(ms)); looks++) {
        if (looks == 0)
            enter(waiter, NULL, wait, since);
        look();
        ms = looks < OFTEN ? LOOK_AGAIN_MS : 2 * ms;
    }
    if (looks > 0)
        leave();
    return waiter_sleep(waiter, deadline);
}

static void explain_join(const Wait *wait, Report *text)
{
    report_format(text, "for %s to end: ", (const char *)wait->what);
    report_runner(text, text->about->joins);
    report_format(text, ".");
}

void deadlock_join(pthread_t thread, const void *runs, const char *what)
{
    Wait wait = { explain_join, what };
    enter(NULL, runs, &wait, deadline_now_ns());
    look();
    must(pthread_join(thread, NULL));
    leave();
}

// At the end: says what was left. Called by exit. Another thread that calls
// exit says nothing: main may go on. A child of fork has none of the threads. A
// signal handler may have called exit, in the middle of anything: without the
// locks there is no report.
static void at_exit(void)
{
    const List *objects =
        is_main && process_forks() == 0 ? tracked_lock() : NULL;
    if (objects == NULL)
        return;
    if (!try_list()) {
        tracked_unlock();
        return;
    }
    bool left = false;
    for (const Blocked *b = blocked; b; b = b->next)
        left |= is_stuck(b);
    for (ListNode *node = objects->first; node; node = node->next)
        left |= LIST_OBJECT(node, Tracked, node)->is_thread;
    if (left) {
        report_begin(&report, blocked, false,
                     "At the end of the program something was left:");
        for (ListNode *node = objects->first; node; node = node->next) {
            const Tracked *tracked = LIST_OBJECT(node, Tracked, node);
            if (tracked->explain == NULL)
                continue;
            report_paragraph(&report, 4);
            tracked->explain(tracked, &report);
        }
        report_write(&report);
    }
    release_list();
    tracked_unlock();
}

// The child of fork has only the thread that forked, and that thread does not
// sleep.
static void in_child(void) LOCKS_UNCHECKED
{
    blocked = NULL;
    release_list();
}

__attribute__((constructor)) static void prepare(void)
{
    is_main = true;
    self.name = "main";
    thread_number();  // the first
    fork_in_child(in_child);
    must_be_zero(atexit(at_exit) == 0 ? 0 : ENOMEM, "atexit");
    process_on_quit(on_quit);
}

#endif
