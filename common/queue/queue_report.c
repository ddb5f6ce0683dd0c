// The words of a deadlock report, and of a picture, about a queue and about the
// threads that wait for it. The functions read the queue without its lock: a
// report is made when the threads sleep, or when the program ends.
#include "base/base.h"

#include "queue_internal.h"

const char *operation_words(const Operation *operation)
{
    if (!operation_sends(operation))
        return "for an item from";
    bool is_rendezvous = operation->queue->ring.capacity == 0;
    return is_rendezvous ? "for a receiver at" : "for room in";
}

void queue_explain_wait(const Wait *wait, Report *report)
{
    const CaseList *list = wait->what;
    const char *separator = "";
    for (const QueueCase *one = list->cases; one < list->cases + list->count;
         one++) {
        if (one->queue == NULL)
            continue;
        report_format(report, "%s%s the queue that was made at %s", separator,
                      operation_words(one),
                      place_name(one->queue->tracked.place));
        separator = ", or ";
    }
    report_format(report, ".");
}

void queue_explain_unfreed(const Tracked *tracked, Report *report)
{
    Queue *queue = LIST_OBJECT(tracked, Queue, tracked);
    report_format(report, "The queue that was made at %s was never freed.",
                  place_name(tracked->place));
    size_t stored = queue->ring.cells ? ring_stored(&queue->ring) : 0;
    if (stored > 0)
        report_format(report, " Never received: %zu item%s.", stored,
                      plural(stored));
}
