// Which lock guards which data, in words that a compiler can check: clang's
// thread safety annotations.
//
//     typedef struct Counter {
//         Lock lock;
//         long count GUARDED_BY(lock);
//     } Counter;
//
//     static void count_up(Counter *counter) REQUIRES(counter->lock)
//     {
//         counter->count++;
//     }
//
// A lock is named as seen from the field's own struct, or from the function's
// parameters. To a compiler that builds the program these words are nothing.
// "make lint" lets clang prove them: in every function, on every path, guarded
// data is touched with its lock held, and each lock that was taken is released.
// It takes clang 22, the first that knows a field beside a field in C and one
// lock by two names.
//
// Clang does not see which of several objects of one type a field's lock
// belongs to, nor the content of a wait list's nodes, nor data that knows no
// locks itself: a queue's ring, a map's tables.

#ifndef LOCK_ANNOTATIONS_H
#define LOCK_ANNOTATIONS_H

#include "names.h"

#ifdef CHECK_LOCKS
#define LOCK_WORD(word) __attribute__((word))
#else
#define LOCK_WORD(word)
#endif

// A type of lock.
#define LOCK_TYPE LOCK_WORD(capability("lock"))

// Of a field or a variable: only to be touched while the thread has the lock.
#define GUARDED_BY(lock) LOCK_WORD(guarded_by(&lock))

// Of a function: the caller has the lock, and still has it afterwards.
#define REQUIRES(lock) LOCK_WORD(requires_capability(&lock))

// Of a function: takes the lock, or lets go of it, for the caller.
#define ACQUIRES(lock) LOCK_WORD(acquire_capability(&lock))
#define RELEASES(lock) LOCK_WORD(release_capability(&lock))

// The same when it returns true.
#define TRY_ACQUIRES(lock) LOCK_WORD(try_acquire_capability(true, &lock))

// Of a function: not checked, for a reason that stands beside it.
#define LOCKS_UNCHECKED LOCK_WORD(no_thread_safety_analysis)

#endif
