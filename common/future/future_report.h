// The parts of this room that say what a thread waits for (deadlock/).

#ifndef FUTURE_REPORT_H
#define FUTURE_REPORT_H

#include "base/names.h"

#include "deadlock/deadlock.h"
#include "future.h"

// Some futures, of which those are waited for that have not settled.
typedef struct FutureWait {
    Wait wait;
    Future **futures;
    size_t count;
} FutureWait;

void future_explain_wait(const Wait *wait, Report *report);
void future_explain_end(const Wait *wait,
                        Report *report);                   // `what` is a Future
void pool_explain_idle(const Wait *wait, Report *report);  // a thread of a pool
void pool_explain_join(const Wait *wait, Report *report);
void future_explain_task(const void *runs, Report *report);
void pool_explain_unjoined(const Tracked *tracked, Report *report);

#endif
