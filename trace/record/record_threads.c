// The recorder's environment in a program that runs by itself: real threads, a
// clock and a file. explore has its own (explore/report/drawing.c), with steps
// as time. Invariant: one lock guards the list of events and all names, so the
// order of the events is a total order that agrees with happens-before.

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/trace_hooks.h"
#include "os/fork.h"
#include "os/os.h"
#include "record.h"
#include "record_events.h"

// lock guards all data of the recorder; map_lock only makes calls of maps take
// turns. The order of the two is: map_lock, then lock.
static Lock lock, map_lock;
static bool over GUARDED_BY(lock);
static _Thread_local RecordThread thread;  // only its own thread uses it

// A child of fork records nothing: the file is the parent's. The child may have
// copies of the locks that are held forever, so it takes neither.
static bool is_child(void)
{
    return process_forks() > 0;
}

// Returns with the lock held unless it returns NULL; record_leave releases it.
// The analysis cannot express that.
RecordThread *record_enter(void) LOCKS_UNCHECKED
{
    if (is_child())
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
    if (!is_child())
        lock_acquire(&map_lock);
}

void record_map_leave(void) LOCKS_UNCHECKED
{
    if (!is_child())
        lock_release(&map_lock);
}

// Monotonic: the time of day may be set back in the middle of a run.
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

// `over` is set under the lock: what other threads still do is not recorded,
// and the file has one end.
void traced_write(void) LOCKS_UNCHECKED
{
    if (record_enter() == NULL)
        return;
    over = true;
    const char *name = getenv("TRACE_FILE");
    name = name ? name : "trace.events";
    if (!record_write(name))
        fprintf(stderr,
                "trace: the events cannot be written to %s: choose another "
                "file with TRACE_FILE\n",
                name);
    record_leave();
}

static void at_exit(void)
{
    record_exit();
    traced_write();
}

// Before main: exit calls its handlers in reverse order, so ours comes last,
// after all handlers of the program.
__attribute__((constructor)) static void start(void)
{
    thread.lane = record_main();
    atexit(at_exit);
}
