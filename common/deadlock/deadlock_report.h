// The inside of deadlock.h, for deadlock.c (which threads wait, and whether all
// do) and deadlock_report.c (the words about it).

#ifndef DEADLOCK_REPORT_H
#define DEADLOCK_REPORT_H

#include "base/names.h"

#include "deadlock.h"

// A thread that has slept for a while; each thread has one of its own.
typedef struct Blocked {
    const Wait *wait;
    const Waiter *waiter;  // NULL: it joins a thread,
    const void *joins;     // which runs this
    const char *name;      // or NULL
    const void *runs;
    void (*explain_run)(const void *runs, Report *report);  // or NULL
    const char *place;                                      // called_from
    unsigned long number;
    long long since;  // as a Deadline
    struct Blocked *next;
    const struct Blocked *waits_for;  // found when it is explained: the only
                                      // thread that it waits for, or NULL
} Blocked;

enum { REPORT_BYTES = 8192, REPORT_THREADS = 20 };

struct Report {
    Blocked *blocked;  // all of them
    Blocked *about;    // the thread whose wait is being explained, or NULL
    bool all;          // all threads of the process are among them
    int holders;       // that it has named as being waited for
    size_t indent;     // of a line that is broken
    size_t line;       // where the last one begins
    size_t size;
    char bytes[REPORT_BYTES];
};

// Begins a paragraph; its lines are indented by this, but for the first.
void report_paragraph(Report *report, size_t indent);

// Begins with the title, and a paragraph for each thread that waits. Then a
// circle of threads that wait for each other (a cycle of the wait-for graph),
// if there is one.
void report_begin(Report *report, Blocked *blocked, bool all,
                  const char *title);

// Ends its last line.
void report_end(Report *report);

// Ends it, and writes it to stderr. Safe in a signal handler.
void report_write(Report *report);

#endif
