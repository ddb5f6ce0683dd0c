// The plain queue: a ring with one mutex and two conditions, as the
// textbooks have it.

#ifndef PTHREADS_H
#define PTHREADS_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct PlainQueue {
    pthread_mutex_t lock;
    pthread_cond_t not_empty, not_full;
    size_t capacity;
    size_t head, size;  // guarded by lock, as all that follows
    bool closed;
    uint64_t items[];
} PlainQueue;

PlainQueue *plain_queue_new(size_t capacity);
void plain_queue_send(PlainQueue *queue, uint64_t item);

// Returns false when the queue is closed and empty.
bool plain_queue_receive(PlainQueue *queue, uint64_t *item);
void plain_queue_close(PlainQueue *queue);
void plain_queue_free(PlainQueue *queue);

#endif
