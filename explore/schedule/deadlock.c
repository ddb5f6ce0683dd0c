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

// Returns how long the text is then.
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
                                     "Nobody can go on.");
    for (int i = 0; i < thread_count && length < sizeof finding.text; i++)
        if (threads[i].state != ENDED)
            length = add_waiting(length, &threads[i]);
}
