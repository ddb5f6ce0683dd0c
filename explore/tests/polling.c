// Polling under a mutex: the loop has no spinning load that explore could
// notice.
//
// A thread that never blocks has to let others run after MAX_TURN points
// (schedule/point.c). Otherwise this program would never end.
#include "litmus.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static int ready;

// Each look takes and releases the lock, which is progress to the scheduler.
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
