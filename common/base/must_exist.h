// Calls with a NULL object: it was ended before, or never made. Each ends the
// process with a sentence (die.h), so that a second end is no crash.
//
//     must_exist(queue, "queue_send", QUEUE_IS_NULL);

#ifndef MUST_EXIST_H
#define MUST_EXIST_H

#include "die.h"

#define FUTURE_IS_NULL "the future is NULL: it was joined, or never started"
#define POOL_IS_NULL "the pool is NULL: it was joined, or never made"
#define QUEUE_IS_NULL "the queue is NULL: it was freed, or never made"
#define WORKER_IS_NULL "the worker is NULL: it was joined, or never started"

static inline void must_exist(const void *object, const char *call,
                              const char *sentence)
{
    if (object == NULL)
        die("%s: %s", call, sentence);
}

#endif
