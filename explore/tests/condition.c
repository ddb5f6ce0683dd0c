// One waits until another one says so. -DIF looks once only; -DNO_LOCK says
// so without the lock; -DONE_SIGNAL wakes one of two; -DLATE forgets to
// look first.
#include "litmus.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
static atomic_int ready;

THREAD(waiter)
{
    pthread_mutex_lock(&mutex);
#if defined(IF)
    if (!ready)
        pthread_cond_wait(&condition, &mutex);
#elif defined(LATE)
    do
        pthread_cond_wait(&condition, &mutex);
    while (!ready);
#else
    while (!ready)
        pthread_cond_wait(&condition, &mutex);
#endif
    r[0] += ready;
    pthread_mutex_unlock(&mutex);
    END;
}

THREAD(waker)
{
#ifndef NO_LOCK
    pthread_mutex_lock(&mutex);
#endif
    ready = 1;
#ifdef ONE_SIGNAL
    pthread_cond_signal(&condition);
#else
    pthread_cond_broadcast(&condition);
#endif
#ifndef NO_LOCK
    pthread_mutex_unlock(&mutex);
#endif
    END;
}

int main(void)
{
    RUN(waiter, waiter, waker);
    printf("%d\n", r[0]);
}
