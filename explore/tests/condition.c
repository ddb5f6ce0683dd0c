// A condition variable, used right and in four ways wrong. Two threads wait
// until a third one sets `ready`.
//
//   -DIF         no loop: a spurious wake-up is taken for the event
//   -DLATE       no look before the wait: an earlier signal is a lost wake-up
//   -DNO_LOCK    no lock around the change: it falls between look and wait
//   -DONE_SIGNAL signal for broadcast: one of the two waiters is never woken
#include "litmus.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
static atomic_int ready;

THREAD(waiter)
{
    pthread_mutex_lock(&mutex);
    // Only the last variant is right: look first, and again after each wake-up.
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
