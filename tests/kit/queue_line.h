// Which threads wait for a queue: the only look that tests of the queue take at
// its inside, so that they can arrange who comes first. The textbook version
// has another inside (plain/plain_queue.h).

#ifndef QUEUE_LINE_H
#define QUEUE_LINE_H

#include <stdbool.h>

#ifdef COMMON_PLAIN

#include "plain_queue.h"

// The thread that came last of those that wait to send, or to receive; or NULL.
static inline const void *last_in_line(Queue *queue, bool sends)
{
    const void *last = NULL;
    pthread_mutex_lock(&queue_mutex);
    for (ListNode *node = queue_line.first; node; node = node->next) {
        const Waiting *waiting = LIST_OBJECT(node, Waiting, node);
        for (size_t i = 0; i < waiting->count; i++)
            if (waiting->cases[i].queue == queue &&
                (waiting->cases[i].send != NULL) == sends)
                last = waiting;
    }
    pthread_mutex_unlock(&queue_mutex);
    return last;
}

#else

#include "queue/queue_internal.h"

static inline const void *last_in_line(Queue *queue, bool sends)
{
    lock_acquire(&queue->lock);
    const void *last = (sends ? &queue->senders : &queue->receivers)->last;
    lock_release(&queue->lock);
    return last;
}

#endif

#endif
