// Deadlocks, lost wake-ups included: a run that stops before its threads end.
//
// No cycle of waits has to be found. The scheduler knows all threads, so when
// none is ready and no deadline is left, no event can ever wake one of them. A
// spurious wake-up could, but a program must not rely on one. The finding lists
// every waiting thread: a reader sees the cycle in that list.

#include "deadlock.h"

#include <stdio.h>

#include "thread.h"

static bool all_ended(void)
{
    for (int i = 0; i < thread_count; i++)
        if (threads[i].state != ENDED)
            return false;
    return true;
}

// Returns the length of the text with the new line. The place is an "@" in the
// text, so that its file and line are looked up only if it is printed.
static size_t add_waiting(size_t length, const Thread *thread)
{
    find_place(thread_place(thread, thread->wait_place));
    return length + (size_t)snprintf(finding.text + length,
                                     sizeof finding.text - length,
                                     "\n%s waits for %s at @.", thread->name,
                                     thread->wait.what);
}

void find_deadlock(void)
{
    if (all_ended())
        return;
    snprintf(finding.kind, sizeof finding.kind, "deadlock");
    size_t length = (size_t)snprintf(finding.text, sizeof finding.text,
                                     "No thread can go on.");
    for (int i = 0; i < thread_count && length < sizeof finding.text; i++)
        if (threads[i].state != ENDED)
            length = add_waiting(length, &threads[i]);
}
