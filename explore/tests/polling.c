// Asks again and again, under a lock: whoever is asked for must get its turn.
#include "litmus.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static int ready;

static int is_ready(void)
{
    pthread_mutex_lock(&mutex);
    int result = ready;
    pthread_mutex_unlock(&mutex);
    return result;
}

THREAD(one)
{
    while (!is_ready())
        continue;
    END;
}

THREAD(two)
{
    pthread_mutex_lock(&mutex);
    ready = 1;
    pthread_mutex_unlock(&mutex);
    END;
}

int main(void)
{
    RUN(one, two);
    puts("over");
}
