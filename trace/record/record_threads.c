// Recording in a program that runs by itself.
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/trace_hooks.h"
#include "os/os.h"
#include "record.h"
#include "record_events.h"

static Lock lock, map_lock;
static pid_t program;  // a child process of it records nothing
static bool over GUARDED_BY(lock);
static _Thread_local RecordThread thread;

// It has the lock if it returns something, until record_leave.
RecordThread *record_enter(void) LOCKS_UNCHECKED
{
    if (getpid() != program)
        return NULL;
    lock_acquire(&lock);
    if (!over)
        return &thread;
    lock_release(&lock);
    return NULL;
}

void record_leave(void) LOCKS_UNCHECKED
{
    lock_release(&lock);
}

void record_map_enter(void) LOCKS_UNCHECKED
{
    lock_acquire(&map_lock);
}

void record_map_leave(void) LOCKS_UNCHECKED
{
    lock_release(&map_lock);
}

long long record_now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

bool record_steps(void)
{
    return false;
}

void traced_write(void) LOCKS_UNCHECKED
{
    if (record_enter() == NULL)
        return;
    over = true;
    const char *name = getenv("TRACE_FILE");
    name = name ? name : "trace.events";
    if (!record_write(name))
        fprintf(stderr, "trace: %s cannot be written\n", name);
    record_leave();
}

static void at_exit(void)
{
    record_exit();
    traced_write();
}

// Before all that main does, so that of all that exit calls we are the last.
__attribute__((constructor)) static void start(void)
{
    program = getpid();
    thread.lane = record_main();
    atexit(at_exit);
}
