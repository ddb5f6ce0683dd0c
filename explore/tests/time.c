// Virtual time: no second of these waits is spent.
//
// A wait with a deadline may end too early or too late, in virtual time as in
// real time. A sleep (-DSLEEP) is no synchronization: after an hour the other
// thread may still not have run. So both results must be seen.
#define _GNU_SOURCE
#include "litmus.h"

#include <errno.h>
#include <time.h>
#include <unistd.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;

THREAD(one)
{
    pthread_mutex_lock(&mutex);
    r[0] = 1;
    pthread_cond_signal(&condition);
    pthread_mutex_unlock(&mutex);
    END;
}

THREAD(two)
{
#ifdef SLEEP
    sleep(3600);
    pthread_mutex_lock(&mutex);
#else
    // A deadline of the realtime clock, an hour ahead.
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += 3600;
    pthread_mutex_lock(&mutex);
    while (r[0] == 0 &&
           pthread_cond_timedwait(&condition, &mutex, &until) != ETIMEDOUT)
        continue;
#endif
    r[1] = r[0];
    pthread_mutex_unlock(&mutex);
    END;
}

int main(void)
{
    RUN(one, two);
    printf("%d\n", r[1]);
}
