// What the operating systems do differently, and with it all waiting.
//
// Only in this room is an operating system named (os_has.h says what each has),
// and only here does a thread sleep: os.c has the lock and the waiter,
// os_futex.c the sleep itself, os_process.c the threads, os_shared_lock.c the
// lock between processes. Every
// wait in this library spins, if it is worth it, and then sleeps in a Waiter:
// on Linux on a futex, elsewhere, or when compiled with -DWAIT_WITH_PTHREAD, in
// a parking lot of mutexes and conditions.

#ifndef OS_H
#define OS_H

#include "base/names.h"

#include <pthread.h>
#include <signal.h>

#include "base/lock_annotations.h"
#include "deadline.h"
#include "spin.h"

// Lets one thread in at a time. Held for a few instructions only, never while
// a caller's code runs, memory is allocated or something is printed. So a
// thread that finds it taken spins a little before it sleeps: an adaptive
// mutex. All zeros is free, and it needs no end. One word, so that it lies
// beside what it guards: a mutex has 40 bytes or more. It is not recursive and
// not fair, and does not inherit priorities.
typedef struct LOCK_TYPE Lock {
    _Atomic uint32_t state;
} Lock;

// In a signal handler that interrupted the thread which has the lock, it ends
// the process with a message.
void lock_acquire(Lock *lock) ACQUIRES(*lock);

// Waits for some 0.2 seconds at most (SPIN_TURNS), and in such a handler
// not at all: for a try, and for exit. Returns whether it has the lock.
bool lock_try(Lock *lock) TRY_ACQUIRES(*lock);

void lock_release(Lock *lock) RELEASES(*lock);

// Whether a thread held the lock a moment ago: a hint, so relaxed.
static inline bool lock_was_held(const Lock *lock)
{
    return atomic_load_explicit(&lock->state, memory_order_relaxed) != 0;
}

// Sleeps while the word has the expected value, until a wake-up or the
// deadline, and now and then wakes for no reason (a spurious wake-up). The word
// is changed before futex_wake is called, which does not read it.
void futex_wait(_Atomic uint32_t *word, uint32_t expected, Deadline deadline);
void futex_wake(_Atomic uint32_t *word);

// One thread sleeps in it, usually on its own stack. The sleeper puts its
// address where wakers find it (under their lock), sleeps, and takes it away
// again (under that lock) before the Waiter goes out of scope. All zeros is
// ready for use, and it needs no end.
typedef struct Waiter {
    _Atomic uint32_t state;
} Waiter;

// Wakes the sleeper, or keeps the next sleep from beginning: a wake-up is never
// lost. Any thread may call this. What the waker did before happens
// before what the sleeper does next (release and acquire).
void waiter_wake(Waiter *waiter);

bool waiter_is_woken(const Waiter *waiter);

// Sleeps until the waiter is woken: returns true, and may be called again for
// the next time. Returns false when the deadline passes first. No spurious
// wake-ups.
bool waiter_sleep(Waiter *waiter, Deadline deadline);

// The same, but does not take the wake-up: the next sleep returns at once.
bool waiter_doze(Waiter *waiter, Deadline deadline);

// Spins until the waiter is woken, the deadline passes or it is time to sleep
// (spin.h). For waits that are short as a rule.
void waiter_spin(Waiter *waiter, SpinHabit *habit, Deadline deadline);

// A lock inside memory that several processes map. Where the platform has
// robust mutexes (Linux, FreeBSD), a holder that dies does not leave it locked,
// and a process that dies waiting for it does not keep the others waiting.
typedef struct LOCK_TYPE SharedLock {
    pthread_mutex_t mutex;
} SharedLock;

void shared_lock_init(SharedLock *lock);
void shared_lock_destroy(SharedLock *lock);
void shared_lock_release(SharedLock *lock) RELEASES(*lock);

typedef enum LockResult {
    LOCK_NOT_TAKEN,  // errno: ETIMEDOUT, or EINVAL if what is there is no lock
    LOCK_TAKEN,
    LOCK_OWNER_DIED  // taken, and the caller first repairs what it guards
} LockResult;

// Waits until the deadline at most, by the monotonic clock. A thread that has
// the lock already ends the process with a message: only a signal handler comes
// to that.
LockResult shared_lock_acquire(SharedLock *lock, Deadline deadline)
    TRY_ACQUIRES(*lock);

// Whether shared_lock_acquire can tell that a holder died.
bool shared_lock_is_robust(void);

// Starts a thread, as pthread_create does. When the system has none to give
// (EAGAIN), tries again for about 0.2 seconds. Returns 0 or an error number.
int thread_start(pthread_t *thread, void *(*run)(void *), void *arg);

// The same, and dies when there is none.
void thread_must_start(pthread_t *thread, void *(*run)(void *), void *arg);

// Names the calling thread for debuggers and process lists, which may cut it
// (Linux shows 15 bytes).
void thread_set_name(const char *name);

// The calling thread's number, from 1 on: threads get one as they first need
// it, and no two ever have the same.
unsigned long thread_number(void);

// A number for a thread that is about to start, which takes it before it needs
// one: so they count in the order in which they were started.
unsigned long thread_number_next(void);
void thread_set_number(unsigned long number);

// More threads than this are no request, but a wrong number.
enum { MOST_THREADS = 65536 };

// Bytes of a thread's stack, if its creator asked for no other size.
size_t thread_stack_size(void);

// How many threads can run at once; at least 1.
size_t thread_cores(void);

// How many threads the process has, also those that other libraries started. 0:
// the system does not tell.
size_t process_threads(void);

// Whether a signal may run code of the program's: one has a handler, other than
// this one and those for faults of the program itself.
bool process_catches_signals(void (*but)(int));

// The signals that a thread blocks.
typedef struct Signals {
    sigset_t set;
} Signals;

// Blocks all signals in this thread, but those for faults of the program
// itself. Returns those that were blocked before.
Signals signals_block(void);
void signals_restore(const Signals *before);

// Calls it on SIGQUIT (Ctrl-\), unless the program or its parent has said what
// is to happen then. It may only do what is safe in a signal handler.
void process_on_quit(void (*handler)(int));

// Address space that takes memory only where it is touched, all zeros, shared
// with child processes. NULL when there is not that much.
void *memory_reserve(size_t size);
void memory_release(void *memory, size_t size);

// Whether a child of fork gets a copy of this memory, and does not share it.
// false where the system does not tell.
bool memory_is_private(const void *memory);

// Fills at most 256 bytes with bytes that cannot be predicted. Returns false,
// and sets errno, if the system gives none.
bool random_fill(void *memory, size_t size);

// Opens a file by this call, which returns what open() does, and never with a
// descriptor of stdin, stdout or stderr: not even for a moment.
typedef int FileOpener(const char *path, int flags);
int file_open(FileOpener *open_it, const char *path, int flags);

#endif
