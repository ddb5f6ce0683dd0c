// What must not be done with memory and its objects, one kind at a time.
#include "litmus.h"

#include <assert.h>
#include <stdlib.h>

int *shared;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static atomic_int ready;
static atomic_int *_Atomic place;

THREAD(one)
{
    pthread_mutex_lock(&mutex);
#if defined(AFTER_FREE)
    free(shared);
#elif defined(CRASH)
    shared = NULL;
#elif defined(DESTROYED)
    pthread_mutex_unlock(&mutex);
    pthread_mutex_destroy(&mutex);
    END;
#endif
    pthread_mutex_unlock(&mutex);
    END;
}

static void leave_behind(void)
{
    atomic_int local = 0;
    place = &local;
}

THREAD(two)
{
    pthread_mutex_lock(&mutex);
#if defined(AFTER_FREE) || defined(CRASH)
    r[0] = ++*shared;
#elif defined(ASSERTION)
    assert(ready == 0);
#elif defined(STATUS)
    if (ready == 1)
        exit(7);
#elif defined(RETURNED)
    if (place != NULL)
        *place = 1;
#endif
    pthread_mutex_unlock(&mutex);
    END;
}

THREAD(three)
{
#ifdef RETURNED
    leave_behind();
#endif
    ready = 1;
    END;
}

int main(void)
{
    shared = calloc(1, sizeof *shared);
    RUN(one, two, three);
    (void)leave_behind;
    puts("over");
}
