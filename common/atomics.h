// Sleeping until a word in memory changes: a futex. JavaScript's Atomics.wait
// and Atomics.notify.
//
//     // one thread                          // another
//     while (atomic_load(&word) == 0)        atomic_store(&word, 1);
//         atomics_wait(&word, 0);            atomics_notify(&word, 1);
//
// Store first, then notify: a thread that has not gone to sleep by then sees
// the new value and stays awake. A notify without a store may find no sleeper,
// and is not remembered.
//
// After fork: in the child no thread sleeps. A notify there wakes only threads
// of the child, also on a word in memory that the parent shares. All calls
// work.
//
// A word needs no end. It must live until all threads that wait on it are back.
//
// In a signal handler: atomics_notify may be called at any time, on 64-bit
// Linux; it also wakes the thread that the handler has interrupted. The waits
// may not be called.

#ifndef COMMON_ATOMICS_H
#define COMMON_ATOMICS_H

#include "call_site.h"  // first: tcc has no <stdatomic.h>

#include <limits.h>
#include <stdint.h>
#ifdef __cplusplus
#include <atomic>
#else
#include <stdatomic.h>
#endif

#include "deadline.h"

// A word that threads sleep on. In C++, which has no _Atomic, it is the same
// bytes under another name.
#ifdef __cplusplus
typedef std::atomic<int32_t> AtomicsWord;
#else
typedef _Atomic int32_t AtomicsWord;
#endif

COMMON_BEGIN_C

// Sleeps until notified, if the word has the expected value. The word is
// compared under the lock that each notify takes, so no notify after a store is
// missed (no lost wake-up). Returns WAIT_OK only after a notify: there are no
// spurious wake-ups. WAIT_NOT_EQUAL: the word had another value, and the thread
// did not sleep. WAIT_TIMED_OUT: the deadline passed first.
WaitResult atomics_wait(AtomicsWord *word, int32_t expected);
WaitResult atomics_wait_until(AtomicsWord *word, int32_t expected,
                              Deadline deadline);

// Wakes at most `count` of the threads that wait on the word, those that have
// waited longest first. Returns how many it woke. Any thread may call this.
int atomics_notify(AtomicsWord *word, int count);

#define ATOMICS_ALL INT_MAX  // as a count

// "ok", "not-equal" or "timed-out", as in JavaScript.
const char *atomics_result_text(WaitResult result);

// The library's own files go without (call_site.h).
#ifndef IN_COMMON
#define atomics_wait(...)                                                      \
    COMMON_CALLED_FROM_HERE(atomics_wait, #__VA_ARGS__, __VA_ARGS__)
#define atomics_wait_until(...)                                                \
    COMMON_CALLED_FROM_HERE(atomics_wait_until, #__VA_ARGS__, __VA_ARGS__)
#ifdef COMMON_TRACE  // it neither dies nor waits
#define atomics_notify(...)                                                    \
    COMMON_CALLED_FROM_HERE(atomics_notify, #__VA_ARGS__, __VA_ARGS__)
#endif
#endif

COMMON_END_C

#endif
