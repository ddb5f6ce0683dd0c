// Programs that say why they are stuck.
//
// When every thread of the process waits in this library, without a deadline,
// and nobody is left to wake one, the program would hang for ever. Instead it
// says on stderr who waits for what, since when, where, and why nobody comes,
// and ends with status 3, within a second. Ctrl-\ (SIGQUIT) says who waits
// now, and the program goes on. And when main's thread ends the program while
// threads are stuck, or workers or pools were not joined, it says what was left
// behind: these, and the channels and queues that were not closed or freed,
// with what was never received. Futures are on no list, which would cost more
// than most tasks: what is said is who of those that wait runs a task for
// nobody.
//
// It never speaks without being sure. So it keeps silent when there are threads
// that this library did not put to sleep, when one waits with a deadline, when
// a signal handler could still do something, and on systems that do not tell
// how many threads a process has (process_threads in os.h): there what
// Ctrl-\ says is left, and the end of the program. ThreadSanitizer has a thread
// of its own, so under it that goes too.
//
// A wait that is shorter than a quarter of a second costs one look at the clock
// when it begins to sleep.
//
// A program that is compiled with -DCOMMON_QUIET has none of this, and needs no
// other file of this room: the functions are here, at the end, and do nothing
// but sleep and join.

#ifndef DEADLOCK_H
#define DEADLOCK_H

#include "base/names.h"

#include "base/die.h"
#include "os/os.h"

#ifdef COMMON_QUIET
#define DEADLOCK_CALL static inline
#else
#define DEADLOCK_CALL
#endif

enum { DEADLOCK_STATUS = 3 };  // the program's, when it is

// What is said, piece by piece.
typedef struct Report Report;

// Begins a new line, with this indent for those after it.
DEADLOCK_CALL void report_paragraph(Report *report, size_t indent);

DEADLOCK_CALL void report_say(Report *report, const char *text);
DEADLOCK_CALL void report_number(Report *report, unsigned long number);

// "1 item" or "2 items"
DEADLOCK_CALL void report_count(Report *report, unsigned long count,
                                const char *thing);

// One argument of a call that was noted (die.h), or NULL: `text` is called_from
// at that time. Returns its bytes, without "&", and sets *size.
DEADLOCK_CALL const char *report_argument(const char *call_site, unsigned index,
                                          size_t *size);
DEADLOCK_CALL void report_say_some(Report *report, const char *text,
                                   size_t size);

// called_from of the thread that waits.
DEADLOCK_CALL const char *report_call(const Report *report);

// The thread's name, and how it is with it: "main, which waits too".
DEADLOCK_CALL void report_thread(Report *report, unsigned long number);

// The same of the thread that runs this: a worker, a future, a pool.
DEADLOCK_CALL void report_runner(Report *report, const void *runs);

// Whether nobody but we can be at what this thread uses: it waits, or is us.
DEADLOCK_CALL bool report_may_look(const Report *report, unsigned long number);

// "main.c:12", of called_from at that time.
DEADLOCK_CALL void report_place(Report *report, const char *call_site);

// What a thread waits for.
typedef struct Wait {
    // Says it, as in "for a message on port1". The thread that waits keeps what
    // it needs alive. Called with a lock held, and perhaps in a signal handler:
    // it reads, and takes no locks and no memory.
    void (*explain)(const struct Wait *wait, Report *report);
    const void *what;  // as explain has it
} Wait;

// The calling thread's name, which is not copied, and what it runs, or NULL.
// explain_run says what else there is to say of that while the thread waits, in
// whole sentences, as a Wait's; or NULL.
DEADLOCK_CALL void deadlock_thread_is(const char *name, const void *runs,
                                      void (*explain_run)(const void *runs,
                                                          Report *report));

// As waiter_sleep, and others can be told what for.
DEADLOCK_CALL bool deadlock_sleep(Waiter *waiter, Deadline deadline,
                                  const Wait *wait);

// As pthread_join, for a thread that runs this (deadlock_thread_is).
DEADLOCK_CALL void deadlock_join(pthread_t thread, const void *runs,
                                 const Wait *wait);

// Something that should not be there any more when the program ends.
typedef struct Tracked {
    // Says what is left of it, in whole sentences, if anything. As above.
    void (*explain)(const struct Tracked *tracked, Report *report);
    const char *place;  // called_from, when it was made
    bool is_thread;     // which somebody should have joined
    struct Tracked *next, *previous;
} Tracked;

// tracked->is_thread is the caller's to set.
DEADLOCK_CALL void track(Tracked *tracked,
                         void (*explain)(const Tracked *, Report *));
DEADLOCK_CALL void untrack(Tracked *tracked);

#ifdef COMMON_QUIET

static inline void deadlock_thread_is(const char *name, const void *runs,
                                      void (*explain_run)(const void *,
                                                          Report *))
{
    (void)name, (void)runs, (void)explain_run;
}

static inline bool deadlock_sleep(Waiter *waiter, Deadline deadline,
                                  const Wait *wait)
{
    (void)wait;
    return waiter_sleep(waiter, deadline);
}

static inline void deadlock_join(pthread_t thread, const void *runs,
                                 const Wait *wait)
{
    (void)runs, (void)wait;
    must(pthread_join(thread, NULL));
}

static inline void track(Tracked *tracked,
                         void (*explain)(const Tracked *, Report *))
{
    (void)tracked, (void)explain;
}

static inline void untrack(Tracked *tracked)
{
    (void)tracked;
}

// Then nobody calls what says it, and these are for the compiler only.

static inline void report_paragraph(Report *report, size_t indent)
{
    (void)report, (void)indent;
}

static inline void report_say(Report *report, const char *text)
{
    (void)report, (void)text;
}

static inline void report_number(Report *report, unsigned long number)
{
    (void)report, (void)number;
}

static inline void report_count(Report *report, unsigned long count,
                                const char *thing)
{
    (void)report, (void)count, (void)thing;
}

static inline const char *report_argument(const char *call_site, unsigned index,
                                          size_t *size)
{
    (void)call_site, (void)index, (void)size;
    return NULL;
}

static inline void report_say_some(Report *report, const char *text,
                                   size_t size)
{
    (void)report, (void)text, (void)size;
}

static inline const char *report_call(const Report *report)
{
    (void)report;
    return NULL;
}

static inline void report_thread(Report *report, unsigned long number)
{
    (void)report, (void)number;
}

static inline void report_runner(Report *report, const void *runs)
{
    (void)report, (void)runs;
}

static inline bool report_may_look(const Report *report, unsigned long number)
{
    (void)report, (void)number;
    return false;
}

static inline void report_place(Report *report, const char *call_site)
{
    (void)report, (void)call_site;
}

#endif

#endif
