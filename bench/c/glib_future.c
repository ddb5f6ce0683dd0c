// GThread, and GThreadPool with as many threads of its own as there are
// processors. GLib has no futures for these: a task has a mutex and a
// condition.

#include <glib.h>

#include "bench.h"

typedef struct Job {
    gint64 number;
    GMutex lock;
    GCond finished;
    gboolean done;  // guarded by lock
} Job;

static void run_job(gpointer data, gpointer unused)
{
    Job *job = data;
    (void)unused;
    g_mutex_lock(&job->lock);
    job->number++;
    job->done = TRUE;
    g_cond_signal(&job->finished);
    g_mutex_unlock(&job->lock);
}

static Job *start_in_pool(GThreadPool *pool, gint64 number)
{
    Job *job = g_new(Job, 1);
    job->number = number;
    job->done = FALSE;
    g_mutex_init(&job->lock);
    g_cond_init(&job->finished);
    g_thread_pool_push(pool, job, NULL);
    return job;
}

static guint64 finish(Job *job)
{
    g_mutex_lock(&job->lock);
    while (!job->done)
        g_cond_wait(&job->finished, &job->lock);
    g_mutex_unlock(&job->lock);
    guint64 number = (guint64)job->number;
    g_cond_clear(&job->finished);
    g_mutex_clear(&job->lock);
    g_free(job);
    return number;
}

// detail is how many tasks are started before they are awaited.
static double in_pool(const Cell *cell)
{
    long long batch = cell->detail;
    long long batches = MAX(cell->count / batch, 1);
    GThreadPool *pool =
        g_thread_pool_new(run_job, NULL, (gint)g_get_num_processors(), TRUE,
                          NULL);
    Job **jobs = g_new(Job *, batch);
    guint64 sum = 0;

    long long begin = bench_now();
    for (long long b = 0; b < batches; b++) {
        for (long long i = 0; i < batch; i++)
            jobs[i] = start_in_pool(pool, i);
        for (long long i = 0; i < batch; i++)
            sum += finish(jobs[i]);
    }
    long long ns = bench_now() - begin;

    g_free(jobs);
    g_thread_pool_free(pool, FALSE, TRUE);
    bench_check(sum == bench_sum(batch + 1) * (guint64)batches,
                "the sum is wrong");
    return (double)ns / (double)(batch * batches);
}

static gpointer add_one(gpointer number)
{
    return GSIZE_TO_POINTER(GPOINTER_TO_SIZE(number) + 1);
}

static double in_threads(const Cell *cell)
{
    long long batch = cell->detail;
    long long batches = MAX(cell->count / batch, 1);
    GThread **threads = g_new(GThread *, batch);
    guint64 sum = 0;

    long long begin = bench_now();
    for (long long b = 0; b < batches; b++) {
        for (long long i = 0; i < batch; i++)
            threads[i] =
                g_thread_new("task", add_one, GSIZE_TO_POINTER((gsize)i));
        for (long long i = 0; i < batch; i++)
            sum += GPOINTER_TO_SIZE(g_thread_join(threads[i]));
    }
    long long ns = bench_now() - begin;

    g_free(threads);
    bench_check(sum == bench_sum(batch + 1) * (guint64)batches,
                "the sum is wrong");
    return (double)ns / (double)(batch * batches);
}

const Cell glib_future_cells[] = {
    { "future-thread", in_threads, 1, 20000, 1 },
    { "future-1000-threads", in_threads, 1, 20000, 1000 },
    { "future-pool", in_pool, 1, 1000000, 1 },
    { "future-10000", in_pool, 1, 2000000, 10000 },
    BENCH_END
};
