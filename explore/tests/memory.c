// Mistakes with memory and the objects in it, one for each option:
//
//   -DAFTER_FREE use after free        -DDESTROYED a mutex in use is destroyed
//   -DCRASH      a null pointer        -DASSERTION a failed assert
//   -DSTATUS     an exit status of 7   -DRETURNED  use after return
//
// Each shows only in some schedules.
#include "litmus.h"

#include <assert.h>
#include <stdlib.h>

int *shared;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
atomic_int ready;
atomic_int *_Atomic place;

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

// Publishes a pointer to a local variable, which dies at the return.
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
