// Who sleeps for long is on a list. If all threads of the process are, and none
// has been woken, none ever will be: that is as certain as the list, which
// nobody can leave while it is looked at. So the last to come finds it out.
#include "base/base.h"

#include "deadlock_report.h"

#ifndef COMMON_QUIET

// Held for a moment, and not a Lock: a signal handler must be able to let go.
typedef struct LOCK_TYPE ListLock {
    atomic_bool taken;
} ListLock;

static ListLock lock;
static Blocked *blocked GUARDED_BY(lock);  // by thread number
static size_t blocked_count GUARDED_BY(lock);
static Tracked *tracked_first GUARDED_BY(lock);  // last in, first out
static bool is_child GUARDED_BY(lock);  // of a fork: has none of the workers
static Report report GUARDED_BY(lock);

static _Thread_local const char *own_name;
static _Thread_local const void *own_runs;
static _Thread_local void (*own_explain_run)(const void *, Report *);
static _Thread_local bool is_main;

static bool try_list(void) TRY_ACQUIRES(lock) LOCKS_UNCHECKED
{
    return !atomic_exchange_explicit(&lock.taken, true, memory_order_acquire);
}

static void acquire_list(void) ACQUIRES(lock) LOCKS_UNCHECKED
{
    while (!try_list())
        spin_yield();
}

static void release_list(void) RELEASES(lock) LOCKS_UNCHECKED
{
    atomic_store_explicit(&lock.taken, false, memory_order_release);
}

void deadlock_thread_is(const char *name, const void *runs,
                        void (*explain_run)(const void *runs, Report *report))
{
    own_name = name;
    own_runs = runs;
    own_explain_run = explain_run;
}

// A thread that is joined and on the list has not ended.
static bool can_be_joined(const Blocked *joiner) REQUIRES(lock)
{
    for (Blocked *b = blocked; b; b = b->next)
        if (b->runs == joiner->joins)
            return false;
    return true;
}

static bool is_stuck(const Blocked *one) REQUIRES(lock)
{
    return one->waiter ? !waiter_is_woken(one->waiter) : !can_be_joined(one);
}

static void on_quit(int signal);

static bool all_are_stuck(void) REQUIRES(lock)
{
    if (blocked_count != process_threads())
        return false;
    for (Blocked *b = blocked; b; b = b->next)
        if (!is_stuck(b))
            return false;
    return !process_catches_signals(on_quit);
}

static _Noreturn void end_stuck(void) REQUIRES(lock)
{
    fflush(stdout);
    report_start(&report, blocked, true);
    report_say(&report, "Stuck: ");
    report_say(&report, blocked_count == 1 ? "the only thread waits"
                                           : "all threads wait");
    report_say(&report, ", with no deadline, and nobody is left to wake ");
    report_say(&report, blocked_count == 1 ? "it." : "one.");
    report_threads(&report);
    report_circle(&report);
    report_write(&report);
    TRACED(write());
    _Exit(DEADLOCK_STATUS);
}

static void look(void)
{
    acquire_list();
    if (all_are_stuck())
        end_stuck();
    release_list();
}

static void enter(Blocked *self, const Wait *wait, long long since)
{
    self->wait = wait;
    self->since = since;
    self->name = own_name;
    self->runs = own_runs;
    self->explain_run = own_explain_run;
    self->place = called_from;
    self->number = thread_number();
    acquire_list();
    Blocked **link = &blocked;
    while (*link && (*link)->number < self->number)
        link = &(*link)->next;
    self->next = *link;
    *link = self;
    blocked_count++;
    release_list();
    look();
}

static void leave(const Blocked *self)
{
    acquire_list();
    Blocked **link = &blocked;
    while (*link != self)
        link = &(*link)->next;
    *link = self->next;
    blocked_count--;
    release_list();
}

// Who slept so long goes on the list. With 0, for tests, everybody does.
#ifndef STUCK_AFTER_MS
#define STUCK_AFTER_MS 250
#endif

// Then one looks, and so many times again after as long, and then less and less
// often: a thread that we do not know may have ended since.
enum { LOOK_AGAIN_MS = STUCK_AFTER_MS > 0 ? STUCK_AFTER_MS : 1, OFTEN = 4 };

static void sleep_long(Waiter *waiter, const Wait *wait, long long since)
{
    Blocked self = { .waiter = waiter };
    enter(&self, wait, since);
    long long ms = LOOK_AGAIN_MS;
    for (int looks = 1; !waiter_doze(waiter, deadline_in_ms(ms)); looks++) {
        look();
        if (looks >= OFTEN && ms < INT_MAX)
            ms *= 2;
    }
    leave(&self);
}

bool deadlock_sleep(Waiter *waiter, Deadline deadline, const Wait *wait)
{
    if (deadline.ns == DEADLINE_NEVER.ns) {
        long long since = deadline_now_ns();
        if (!waiter_doze(waiter, deadline_in_ms(STUCK_AFTER_MS)))
            sleep_long(waiter, wait, since);
    }
    return waiter_sleep(waiter, deadline);
}

void deadlock_join(pthread_t thread, const void *runs, const Wait *wait)
{
    Blocked self = { .joins = runs };
    enter(&self, wait, deadline_now_ns());
    must(pthread_join(thread, NULL));
    leave(&self);
}

// At the end.

void track(Tracked *tracked, void (*explain)(const Tracked *, Report *))
{
    tracked->explain = explain;
    tracked->place = called_from;
    tracked->previous = NULL;
    acquire_list();
    tracked->next = tracked_first;
    if (tracked_first)
        tracked_first->previous = tracked;
    tracked_first = tracked;
    release_list();
}

void untrack(Tracked *tracked)
{
    acquire_list();
    if (tracked->next)
        tracked->next->previous = tracked->previous;
    if (tracked->previous)
        tracked->previous->next = tracked->next;
    else
        tracked_first = tracked->next;
    release_list();
}

static void report_what_is_left(void) REQUIRES(lock)
{
    report_start(&report, blocked, false);
    report_say(&report, "At the end of the program something was left:");
    report_threads(&report);
    Tracked *tracked = tracked_first;
    while (tracked && tracked->next)
        tracked = tracked->next;
    for (; tracked; tracked = tracked->previous)
        tracked->explain(tracked, &report);
    report_write(&report);
}

// Called by exit.
static void at_exit(void)
{
    acquire_list();
    bool left = false;
    for (Blocked *b = blocked; b; b = b->next)
        left |= is_stuck(b);
    for (Tracked *tracked = tracked_first; tracked; tracked = tracked->next)
        left |= tracked->is_thread;
    if (left && is_main && !is_child)
        report_what_is_left();
    release_list();
}

// If the thread that we interrupt has the list, it keeps it.
static bool try_list_often(void) TRY_ACQUIRES(lock)
{
    for (int i = 0; i < 100; i++) {
        if (try_list())
            return true;
        spin_yield();
    }
    return false;
}

static void report_who_waits(void) REQUIRES(lock)
{
    report_start(&report, blocked, false);
    report_say(&report, blocked ? "Waiting, for longer than a moment:"
                                : "No thread has waited for longer than a "
                                  "moment.");
    report_threads(&report);
    report_circle(&report);
    report_write(&report);
}

// SIGQUIT; safe in a signal handler.
static void on_quit(int signal)
{
    (void)signal;
    int error = errno;
    if (try_list_often()) {
        report_who_waits();
        release_list();
    }
    errno = error;
}

static void before_fork(void) ACQUIRES(lock)
{
    acquire_list();
}

static void in_parent(void) RELEASES(lock)
{
    release_list();
}

static void in_child(void) RELEASES(lock)
{
    blocked = NULL;
    blocked_count = 0;
    is_child = true;
    release_list();
}

__attribute__((constructor)) static void prepare(void)
{
    is_main = true;
    own_name = "main";
    thread_number();  // the first
    must(pthread_atfork(before_fork, in_parent, in_child));
    must_be_zero(atexit(at_exit) == 0 ? 0 : ENOMEM, "atexit");
    process_on_quit(on_quit);
}

#endif
