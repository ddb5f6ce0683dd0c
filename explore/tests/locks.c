// Two threads, two mutexes. -DABBA: opposite orders, which is a deadlock.
#include "litmus.h"

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t b = PTHREAD_MUTEX_INITIALIZER;
static int count;

static void both(pthread_mutex_t *first, pthread_mutex_t *second)
{
    pthread_mutex_lock(first);
    pthread_mutex_lock(second);
    count++;
    pthread_mutex_unlock(second);
    pthread_mutex_unlock(first);
}

THREAD(one)
{
    both(&a, &b);
    END;
}

THREAD(two)
{
#ifdef ABBA
    both(&b, &a);
#else
    both(&a, &b);
#endif
    END;
}

int main(void)
{
    RUN(one, two);
    printf("%d\n", count);
}
