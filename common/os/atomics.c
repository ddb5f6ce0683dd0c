// Atomics.wait and Atomics.notify: a futex whose wake-ups are counted and never
// spurious. No wake-up is lost, because a waiter compares the word and joins
// the list under the lock that each notify takes. The word is loaded and
// compared in sequential consistency, as in JavaScript.
#include "base/base.h"

#include "atomics.h"

#include "wait_list.h"

#include <pthread.h>

// The sleepers of all words, each with the address of its word as `what`. One
// list is simple, and short: it holds only threads that sleep.
static Lock lock;
static WaitList sleepers GUARDED_BY(lock);

static void explain_notify(const Wait *wait, Report *report)
{
    report_format(report, "for a notify");
    report_argument(report, " on ", wait->what, 0);  // the word
    report_format(report, ".");
}

WaitResult atomics_wait_until(_Atomic int32_t *word, int32_t expected,
                              Deadline deadline)
{
    Wait wait = { explain_notify, called_from };
    // The lock orders the load after an earlier notify, and before a later one.
    lock_acquire(&lock);
    bool equal = atomic_load_explicit(word, memory_order_seq_cst) == expected;
    TRACED(wait_for_notify(word, equal));
    bool notified =
        equal && wait_list_wait(&sleepers, &lock, word, deadline, &wait);
    TRACED(notified(word, notified));
    lock_release(&lock);
    if (!equal)
        return WAIT_NOT_EQUAL;
    return notified ? WAIT_OK : WAIT_TIMED_OUT;
}

WaitResult atomics_wait(_Atomic int32_t *word, int32_t expected)
{
    return atomics_wait_until(word, expected, DEADLINE_NEVER);
}

// A single pass, from the thread that has waited longest. `next` is read
// first, because a served node leaves the list.
int atomics_notify(_Atomic int32_t *word, int count)
{
    int woken = 0;
    lock_acquire(&lock);
    for (WaitNode *node = wait_node(sleepers.first), *next;
         node && woken < count; node = next) {
        next = wait_node(node->node.next);
        if (node->what == (void *)word) {
            TRACED(notify(word));
            wait_list_serve(&sleepers, node);
            woken++;
        }
    }
    TRACED(notify_nobody(word, woken));
    lock_release(&lock);
    return woken;
}

const char *atomics_result_text(WaitResult result)
{
    if (result == WAIT_OK)
        return "ok";
    return result == WAIT_NOT_EQUAL ? "not-equal" : "timed-out";
}

// The child of fork has none of the threads that slept, and a thread that it
// does not have may have held the lock.
static void in_child(void) LOCKS_UNCHECKED
{
    lock = (Lock){ 0 };
    sleepers = (WaitList){ 0 };
}

__attribute__((constructor)) static void prepare(void)
{
    must(pthread_atfork(NULL, NULL, in_child));
}
