// Workers as actors: a thread with a port to its starter, over one channel.
// Invariant: until the join, each field of a worker has one writer, its starter
// or the worker's thread. The thread's start and pthread_join are the
// happens-before between the two, so no field is atomic and there is no lock.
#include "base/base.h"

#include "worker_threads.h"

#include <pthread.h>
#include <stdarg.h>

#include "base/list.h"
#include "base/text.h"
#include "port_internal.h"

// One allocation for each worker, made by worker_start and freed by
// worker_join.
typedef struct RunningWorker {
    Worker worker;       // the starter's
    WorkerContext self;  // the worker's, as are exit_code and error
    void (*run)(WorkerContext *self);
    int exit_code;
    Text error;
    unsigned long number;  // of its thread; this and the next detect misuse
    unsigned long starter;
    pthread_t thread;
    bool joined;      // the starter's
    Tracked tracked;  // until it is joined
    char name[];
} RunningWorker;

// A cleanup handler: runs at every end, by return, worker_exit or pthread_exit.
static void end(void *arg)
{
    RunningWorker *running = arg;
    TRACED(end());
    if (running->self.parent_port)
        port_close(&running->self.parent_port);
}

static void *run_worker(void *arg)
{
    RunningWorker *running = arg;
    thread_set_number(running->number);
    thread_set_name(running->name);
    deadlock_thread_is(running->name, running, NULL);
    TRACED(begin(running));
    pthread_cleanup_push(end, running);
    running->run(&running->self);
    pthread_cleanup_pop(1);
    return NULL;
}

static void explain_unjoined(const Tracked *tracked, Report *report)
{
    const RunningWorker *running = LIST_OBJECT(tracked, RunningWorker, tracked);
    report_format(report, "%s, a worker started at %s, was never joined.",
                  running->name, place_name(tracked->place));
    if (running->worker.port && report_may_look(report, running->starter))
        report_unread(report, running->worker.port);
}

Worker *worker_start_named(const char *name, void (*run)(WorkerContext *self),
                           void *worker_data)
{
    size_t size = strlen(name) + 1;
    RunningWorker *running = must_calloc(1, sizeof *running + size);
    memcpy(running->name, name, size);
    Port *port, *parent_port;
    channel_open_for(running->name, &port, &parent_port);
    running->worker = (Worker){ port, running };
    running->self =
        (WorkerContext){ parent_port, worker_data, running->name, running };
    running->run = run;
    running->starter = thread_number();
    running->number = thread_number_next();
    // The worker's before it runs: for reports, and for a child of fork.
    port_set_owner(parent_port, running->number);
    TRACED(start_worker(running, name, port, running->self.parent_port,
                        worker_data));
    running->tracked.is_thread = true;
    track(&running->tracked, explain_unjoined, NULL);
    thread_must_start(&running->thread, run_worker, running);
    return &running->worker;
}

Worker *worker_start(void (*run)(WorkerContext *self), void *worker_data)
{
    return worker_start_named("worker", run, worker_data);
}

static RunningWorker *must_have_started(const Worker *worker, const char *call)
{
    must_exist(worker, call, WORKER_IS_NULL);
    RunningWorker *running = worker->running;
    if (running->starter != thread_number())
        die("%s: only the thread that started a worker may call this", call);
    if (thread_is_gone(running->number) && !running->joined)
        die("%s: this worker runs in the process that started it; a child of "
            "fork cannot join it",
            call);
    return running;
}

static void wait_for_end(RunningWorker *running)
{
    if (running->joined)
        return;
    TRACED(wait_for_end(running));
    deadlock_join(running->thread, running, "a worker");
    TRACED(wake(true));
    untrack(&running->tracked);
    running->joined = true;
}

int worker_join(Worker **worker)
{
    RunningWorker *running =
        must_have_started(worker ? *worker : NULL, "worker_join");
    if (running->worker.port)
        port_close(&running->worker.port);
    wait_for_end(running);
    *worker = NULL;

    int exit_code = running->exit_code;
    TRACED(join(running, exit_code, running->error.at));
    text_free(&running->error);
    free(running);
    return exit_code;
}

const char *worker_error(Worker *worker)
{
    RunningWorker *running = must_have_started(worker, "worker_error");
    wait_for_end(running);
    return running->error.at;
}

static void must_be(const WorkerContext *self, const char *call)
{
    if (self == NULL || self->running->number != thread_number())
        die("%s: only the worker itself may call this", call);
}

_Noreturn void worker_exit(WorkerContext *self, int code)
{
    must_be(self, "worker_exit");
    self->running->exit_code = code;
    pthread_exit(NULL);
}

_Noreturn void worker_fail(WorkerContext *self, const char *format, ...)
{
    must_be(self, "worker_fail");
    va_list args;
    va_start(args, format);
    text_add_args(&self->running->error, format, args);
    va_end(args);
    worker_exit(self, 1);
}
