// Deadlocks, lost wake-ups included: a run that stops before its threads end.
//
// No cycle of waits has to be found. The scheduler knows all threads, so when
// none is ready and no deadline is left, no event can ever wake one of them. A
// spurious wake-up could, but a program must not rely on one. The finding lists
// every waiting thread: a reader sees the cycle in that list.

#include "deadlock.h"

#include <stdio.h>

#include "thread.h"

// A place is an "@" in the text, so that its file and line are looked up only
// if the finding is printed.
void find_deadlock(void)
{
    size_t length = 0, size = sizeof finding.text;
    for (int i = 0; i < thread_count && length < size; i++) {
        const Thread *thread = &threads[i];
        if (thread->state == ENDED)
            continue;
        find_place(thread_place(thread, thread->wait_place));
        length += (size_t)snprintf(finding.text + length, size - length,
                                   "%s\n%s waits for %s at @.",
                                   length == 0 ? "No thread can go on." : "",
                                   thread->name, thread->wait.what);
    }
    if (length > 0)
        snprintf(finding.kind, sizeof finding.kind, "deadlock");
}
