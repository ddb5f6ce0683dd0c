// The handlers of fork (pthread_atfork), and the list of tracked objects. The
// list's lock is held while the process forks, so the child gets a whole list.
// The objects' own locks are not: to take them all could be a deadlock.
#include "base/base.h"

#include "fork.h"

#include "os.h"

// Written before the child has a second thread, and only read after that.
unsigned fork_count;
static unsigned long survivor;     // the number of the thread that called fork
static unsigned long last_number;  // of a thread, when the process forked

bool thread_is_gone(unsigned long number)
{
    return number <= last_number && number != survivor;
}

#ifndef FEW_TRIES

static Lock lock;
static List tracked_objects GUARDED_BY(lock);

void track(Tracked *tracked, void (*explain)(const Tracked *, Report *),
           void (*in_child)(Tracked *))
{
    tracked->explain = explain;
    tracked->in_child = in_child;
    tracked->place = called_from;
    lock_acquire(&lock);
    list_append(&tracked_objects, &tracked->node);
    lock_release(&lock);
}

void untrack(Tracked *tracked)
{
    lock_acquire(&lock);
    list_remove(&tracked_objects, &tracked->node);
    lock_release(&lock);
}

const List *tracked_lock(void) LOCKS_UNCHECKED
{
    return lock_try(&lock) ? &tracked_objects : NULL;
}

void tracked_unlock(void) LOCKS_UNCHECKED
{
    lock_release(&lock);
}

static void before(void) ACQUIRES(lock)
{
    lock_acquire(&lock);
}

static void in_parent(void) RELEASES(lock)
{
    lock_release(&lock);
}

// A new lock, because a thread of the parent may have been waiting for it.
static void in_child(void) LOCKS_UNCHECKED
{
    lock = (Lock){ 0 };
    fork_count++;
    survivor = thread_number();
    last_number = thread_number_next();
    for (ListNode *node = tracked_objects.first; node; node = node->next) {
        Tracked *tracked = LIST_OBJECT(node, Tracked, node);
        if (tracked->in_child)
            tracked->in_child(tracked);
    }
}

// Handlers of the child run in the order in which they were registered, and
// this one must be the first. Constructors of several files run in any order
// (macOS knows their priorities only inside a file): the first that comes here
// registers it. Before main there is one thread.
__attribute__((constructor)) static void prepare(void)
{
    static bool is_prepared;
    if (!is_prepared)
        must(pthread_atfork(before, in_parent, in_child));
    is_prepared = true;
}

void fork_in_child(void (*run)(void))
{
    prepare();
    must(pthread_atfork(NULL, NULL, run));
}

#endif
