// The deadlock detector: programs that say why they are stuck.
//
// When every thread of the process waits in this library, without a deadline,
// and no thread is left to wake another, the program would hang forever.
// Instead it says on stderr which thread waits for what, since when, where, and
// why no wake-up comes, and ends with status 3, within a second.
// Ctrl-\ (SIGQUIT) says which threads wait now, and the program goes on. And
// when main's thread ends the program while threads are stuck, or workers or
// pools were not joined, it says what was left behind: these, and the channels
// and queues that were not closed or freed, with the number of messages and
// items never received. Futures are on no list, which would cost more than most
// tasks: the report only says which of the waiting threads runs a task whose
// future is not awaited.
//
// It never speaks without being sure. So it keeps silent
//
// - when there are threads that this library did not put to sleep,
// - when a thread waits with a deadline,
// - when a signal handler could still do something,
// - on systems that do not tell how many threads a process has (process_threads
//   in os.h): there the report of Ctrl-\ is left, and that at the end of the
//   program. ThreadSanitizer has a thread of its own, so under it the same
//   holds.
//
// It finds that all threads are blocked. It does not find a deadlock of some
// threads while others still run, nor a livelock, in which threads run and get
// nowhere, nor starvation, in which one thread never gets its turn.
//
// A wait that is shorter than a quarter of a second costs a few looks at the
// clock when it begins to sleep.
//
// A program that is compiled with -DCOMMON_QUIET has none of this, and needs no
// other file of this room: the calls do nothing then, but sleep and join.

#ifndef DEADLOCK_H
#define DEADLOCK_H

#include "base/names.h"

#include "base/die.h"
#include "os/fork.h"
#include "os/os.h"

enum { DEADLOCK_STATUS = 3 };  // the program's, when it is

// The text of a report, which grows piece by piece.
typedef struct Report Report;

// The thing that a thread waits for.
typedef struct Wait {
    // Says it, as in "for a message on port1". The thread that waits keeps what
    // it needs alive. Called with a lock held, and perhaps in a signal handler:
    // it reads, and takes no locks and no memory.
    void (*explain)(const struct Wait *wait, Report *report);
    const void *what;  // as explain has it
} Wait;

#ifndef COMMON_QUIET

// The calling thread's name, which is not copied, and what it runs, or NULL.
// explain_run says what else there is to say of that while the thread waits, in
// whole sentences, as a Wait's; or NULL.
void deadlock_thread_is(const char *name, const void *runs,
                        void (*explain_run)(const void *runs, Report *report));

// As waiter_sleep, and a report can say what the thread waits for.
bool deadlock_sleep(Waiter *waiter, Deadline deadline, const Wait *wait);

// As pthread_join, for a thread that runs this (deadlock_thread_is). A report
// calls the thread `what`: "a worker".
void deadlock_join(pthread_t thread, const void *runs, const char *what);

// Adds text as printf does, but safe in a signal handler: knows %s and %zu
// only.
void report_format(Report *report, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

// The thread's name, and its state: "main, which waits too".
void report_thread(Report *report, unsigned long number);

// The same of the thread that runs this: a worker, a future, a pool.
void report_runner(Report *report, const void *runs);

// Whether the report may read what this thread uses: the thread waits, or is
// the caller.
bool report_may_look(const Report *report, unsigned long number);

// Adds `before` and one argument, without "&", of a call that was noted
// (die.h): `call_site` is called_from at that time. Returns false, and adds
// nothing, when there is no such argument.
bool report_argument(Report *report, const char *before, const char *call_site,
                     unsigned index);

// "main.c:12", of called_from at that time.
const char *place_name(const char *call_site);

#else

// The calls are compiled, and do nothing; so no explain function is ever
// called.
static inline void *do_nothing(const void *first, ...)
{
    (void)first;
    return NULL;
}

#define common_report_format do_nothing
#define common_report_thread do_nothing
#define common_report_runner do_nothing
#define common_report_may_look do_nothing
#define common_report_argument do_nothing
#define common_place_name do_nothing

static inline void deadlock_thread_is(const char *name, const void *runs,
                                      void (*explain_run)(const void *,
                                                          Report *))
{
    do_nothing(name, runs, explain_run);
}

static inline bool deadlock_sleep(Waiter *waiter, Deadline deadline,
                                  const Wait *wait)
{
    (void)wait;
    return waiter_sleep(waiter, deadline);
}

static inline void deadlock_join(pthread_t thread, const void *runs,
                                 const char *what)
{
    (void)runs, (void)what;
    must(pthread_join(thread, NULL));
}

#endif

// The end of a noun after its number, as in "%zu item%s".
static inline const char *plural(size_t count)
{
    return count == 1 ? "" : "s";
}

#endif
