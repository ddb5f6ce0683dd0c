#include <pthread.h>

#include "cost.h"

static int plain, guarded;
static _Atomic int atomic;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void add_plain(void)
{
    plain++;
}

static void add_atomic(void)
{
    atomic++;
}

static void add_guarded(void)
{
    pthread_mutex_lock(&mutex);
    guarded++;
    pthread_mutex_unlock(&mutex);
}

int main(void)
{
    double ns = cost_of(add_plain);
    print_cost("plain ++", plain, ns);

    ns = cost_of(add_atomic);
    print_cost("atomic ++", atomic, ns);

    ns = cost_of(add_guarded);
    print_cost("with mutex", guarded, ns);
}
