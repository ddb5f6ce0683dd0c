// What the deadlock detector says of futures and pools. These functions only
// read, because they may run in a signal handler.
#include "base/base.h"

#include "future_internal.h"

void future_explain_wait(const Wait *wait, Report *report)
{
    const FutureList *self = wait->what;
    report_format(report, "for a task%s", self->end ? " to end" : "'s result");
    const char *before = ": ";
    for (size_t i = 0; i < self->count; i++) {
        if (!self->end && future_has_settled(self->futures[i]))
            continue;
        report_format(report, "%s", before);
        before = "; ";
        if (self->futures[i]->pool == NULL)
            report_runner(report, self->futures[i]);
        else
            report_format(report, self->end ? "one of a pool"
                                            : "that of a pool's task");
    }
    report_format(report, ".");
}

void pool_explain_idle(const Wait *wait, Report *report)
{
    (void)wait;
    report_format(report, "for a task of its pool to run.");
}

void future_explain_task(const void *runs, Report *report)
{
    const Future *future = runs;
    unsigned state = atomic_load_explicit(&future->state, memory_order_relaxed);
    if (!(state & (AWAITED | JOINED)))
        report_format(report, " No thread awaits its future.");
}

void pool_explain_unjoined(const Tracked *tracked, Report *report)
{
    const Pool *pool = LIST_OBJECT(tracked, Pool, tracked);
    report_format(report,
                  "A pool with %zu thread%s, made at %s, was never joined.",
                  pool->count, plural(pool->count), place_name(tracked->place));
}
