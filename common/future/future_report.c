// What the deadlock detector says of futures and pools. These functions only
// read, because they may run in a signal handler.
#include "base/base.h"

#include "future_internal.h"

void future_explain_wait(const Wait *wait, Report *report)
{
    const FutureWait *self = (const FutureWait *)wait;
    report_say(report, self->end ? "for a task to end" : "for a task's result");
    const char *before = ": ";
    for (size_t i = 0; i < self->count; i++) {
        if (!self->end && future_has_settled(self->futures[i]))
            continue;
        report_say(report, before);
        before = "; ";
        if (self->futures[i]->pool == NULL)
            report_runner(report, self->futures[i]);
        else
            report_say(report,
                       self->end ? "one of a pool" : "that of a pool's task");
    }
    report_say(report, ".");
}

void pool_explain_idle(const Wait *wait, Report *report)
{
    (void)wait;
    report_say(report, "for a task of its pool to run.");
}

void pool_explain_join(const Wait *wait, Report *report)
{
    report_say(report, "for a pool's threads to end: ");
    report_runner(report, wait->what);
    report_say(report, ".");
}

void future_explain_task(const void *runs, Report *report)
{
    const Future *future = runs;
    unsigned state = atomic_load_explicit(&future->state, memory_order_relaxed);
    if (!(state & (AWAITED | JOINED)))
        report_say(report, " No thread awaits its future.");
}

void pool_explain_unjoined(const Tracked *tracked, Report *report)
{
    const Pool *pool =
        (const Pool *)((const char *)tracked - offsetof(Pool, tracked));
    report_paragraph(report, 4);
    report_say(report, "A pool with ");
    report_count(report, pool->count, "thread");
    report_say(report, ", made at ");
    report_place(report, tracked->place);
    report_say(report, ", was never joined.");
}
