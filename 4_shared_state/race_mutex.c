#include <pthread.h>
#include <stdio.h>

#include "worker_threads.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static int count;  // guarded by mutex

static void add_one(WorkerContext *self)
{
    (void)self;
    pthread_mutex_lock(&mutex);
    count++;  // still three steps, but no thread comes between
    pthread_mutex_unlock(&mutex);
}

int main(void)
{
    Worker *first = worker_start_named("W1", add_one, NULL);
    Worker *second = worker_start_named("W2", add_one, NULL);

    worker_join(&first);
    worker_join(&second);

    printf("counted to %d of 2\n", count);
}
