// Read-write lock, once, barrier, semaphore and thread-local values, used as
// they should be: one output in all schedules.
//
// `guarded` is protected by the read-write lock, `made` by pthread_once, and
// `gone` by the semaphore: one thread waits for it, and the other one's
// destructor posts.
#define _GNU_SOURCE
#include "litmus.h"

#include <semaphore.h>

static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_barrier_t barrier;
static pthread_key_t key;
static sem_t semaphore;
static int guarded, made, gone;
static _Thread_local int own;

static void make(void)
{
    made++;
}

// The destructor of the key runs in the thread that ends, and may still post.
static void forget(void *value)
{
    gone += *(int *)value;
    sem_post(&semaphore);
}

THREAD(one)
{
    pthread_once(&once, make);
    own += made;
    pthread_rwlock_wrlock(&rwlock);
    guarded += own;
    pthread_rwlock_unlock(&rwlock);
    pthread_barrier_wait(&barrier);
    pthread_rwlock_rdlock(&rwlock);
    int both = guarded;
    pthread_rwlock_unlock(&rwlock);
    sem_wait(&semaphore);
    pthread_setspecific(key, &made);
    r[0] += both;
    END;
}

int main(void)
{
    sem_init(&semaphore, 0, 1);
    pthread_barrier_init(&barrier, NULL, 2);
    pthread_key_create(&key, forget);
    RUN(one, one);
    printf("%d %d %d %d\n", r[0], made, gone, own);
}
