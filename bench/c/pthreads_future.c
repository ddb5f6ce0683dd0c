// Tasks without a library: pthread_create and join; and a pool of as many
// threads as there are cores, on a list with a mutex and a condition.

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "bench.h"

typedef struct Job {
    long long number;
    pthread_t thread;  // its own, without a pool
    struct Job *next;  // in the pool's list, guarded by its lock
    pthread_mutex_t lock;
    pthread_cond_t finished;
    bool done;  // guarded by lock
} Job;

typedef struct PlainPool {
    pthread_mutex_t lock;
    pthread_cond_t not_empty;
    Job *first, **last;  // guarded by lock
    bool closed;         // guarded by lock
    int count;
    pthread_t threads[];
} PlainPool;

static Job *next_job(PlainPool *pool)
{
    pthread_mutex_lock(&pool->lock);
    while (pool->first == NULL && !pool->closed)
        pthread_cond_wait(&pool->not_empty, &pool->lock);
    Job *job = pool->first;
    if (job != NULL && (pool->first = job->next) == NULL)
        pool->last = &pool->first;
    pthread_mutex_unlock(&pool->lock);
    return job;
}

static void *pool_main(void *argument)
{
    PlainPool *pool = argument;
    Job *job;
    while ((job = next_job(pool)) != NULL) {
        pthread_mutex_lock(&job->lock);
        job->number++;
        job->done = true;
        // Under the lock: the job may be freed as soon as it is seen done.
        pthread_cond_signal(&job->finished);
        pthread_mutex_unlock(&job->lock);
    }
    return NULL;
}

static PlainPool *pool_new(int threads)
{
    PlainPool *pool =
        calloc(1, sizeof *pool + (size_t)threads * sizeof(pthread_t));
    pthread_mutex_init(&pool->lock, NULL);
    pthread_cond_init(&pool->not_empty, NULL);
    pool->last = &pool->first;
    pool->count = threads;
    for (int i = 0; i < threads; i++)
        pthread_create(&pool->threads[i], NULL, pool_main, pool);
    return pool;
}

static void pool_join(PlainPool *pool)
{
    pthread_mutex_lock(&pool->lock);
    pool->closed = true;
    pthread_mutex_unlock(&pool->lock);
    pthread_cond_broadcast(&pool->not_empty);
    for (int i = 0; i < pool->count; i++)
        pthread_join(pool->threads[i], NULL);
    free(pool);
}

static Job *start_in_pool(PlainPool *pool, long long number)
{
    Job *job = malloc(sizeof *job);
    *job = (Job){ .number = number,
                  .lock = PTHREAD_MUTEX_INITIALIZER,
                  .finished = PTHREAD_COND_INITIALIZER };
    pthread_mutex_lock(&pool->lock);
    *pool->last = job;
    pool->last = &job->next;
    pthread_mutex_unlock(&pool->lock);
    pthread_cond_signal(&pool->not_empty);
    return job;
}

static void await(Job *job)
{
    pthread_mutex_lock(&job->lock);
    while (!job->done)
        pthread_cond_wait(&job->finished, &job->lock);
    pthread_mutex_unlock(&job->lock);
}

static void *job_main(void *argument)
{
    ((Job *)argument)->number++;
    return NULL;
}

static Job *start_thread(long long number)
{
    Job *job = malloc(sizeof *job);
    job->number = number;
    int error = pthread_create(&job->thread, NULL, job_main, job);
    bench_check(error == 0, "pthread_create: %d", error);
    return job;
}

static uint64_t finish(const PlainPool *pool, Job *job)
{
    if (pool != NULL)
        await(job);
    else
        pthread_join(job->thread, NULL);
    uint64_t number = (uint64_t)job->number;
    free(job);
    return number;
}

static uint64_t run_batches(PlainPool *pool, long long batches,
                            long long batch)
{
    Job **jobs = malloc((size_t)batch * sizeof *jobs);
    uint64_t sum = 0;
    for (long long b = 0; b < batches; b++) {
        for (long long i = 0; i < batch; i++)
            jobs[i] =
                pool != NULL ? start_in_pool(pool, i) : start_thread(i);
        for (long long i = 0; i < batch; i++)
            sum += finish(pool, jobs[i]);
    }
    free(jobs);
    return sum;
}

static double measure(const Cell *cell, PlainPool *pool)
{
    long long batch = cell->detail;
    long long batches = cell->count / batch > 0 ? cell->count / batch : 1;
    long long begin = bench_now();
    uint64_t sum = run_batches(pool, batches, batch);
    long long ns = bench_now() - begin;
    bench_check(sum == bench_sum(batch + 1) * (uint64_t)batches,
                "the sum is wrong");
    return (double)ns / (double)(batch * batches);
}

static double in_threads(const Cell *cell)
{
    return measure(cell, NULL);
}

static double in_pool(const Cell *cell)
{
    PlainPool *pool = pool_new((int)sysconf(_SC_NPROCESSORS_ONLN));
    double ns = measure(cell, pool);
    pool_join(pool);
    return ns;
}

const Cell pthreads_future_cells[] = {
    { "future-thread", in_threads, 1, 20000, 1 },
    { "future-1000-threads", in_threads, 1, 20000, 1000 },
    { "future-pool", in_pool, 1, 1000000, 1 },
    { "future-10000", in_pool, 1, 2000000, 10000 },
    BENCH_END
};
