// Two workers sell two tickets. Each looks whether one is left, takes it,
// and tries again, until none is. Every ticket should be sold once, as in
// "sold 2, 0 left". Now and then more are sold than there were.
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>

#include "worker_threads.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static int left = 2;  // guarded by mutex

static bool take_ticket(void)
{
    bool is_left = left > 0;
    if (is_left) {
        pthread_mutex_lock(&mutex);
        left--;
        pthread_mutex_unlock(&mutex);
    }
    return is_left;
}

static void sell(WorkerContext *self)
{
    int *sold = self->worker_data;
    while (take_ticket())
        ++*sold;
}

int main(void)
{
    int sold[2] = { 0 };
    Worker *first = worker_start_named("W1", sell, &sold[0]);
    Worker *second = worker_start_named("W2", sell, &sold[1]);

    worker_join(&first);
    worker_join(&second);
    printf("sold %d, %d left\n", sold[0] + sold[1], left);
}
