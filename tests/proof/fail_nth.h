// Calls to the C library that fail when a test wants it. The linker puts these
// in the place of those that common/ makes (--wrap), so its code is tested as
// it is. And a ledger: what common/ was given, and has not given back.

#ifndef FAIL_NTH_H
#define FAIL_NTH_H

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

// The resources that the calls ask for.
typedef enum FaultKind {
    MEMORY,
    SPACE,  // address space
    THREADS,
    FILES,
    CAN_BE_USED_UP = FILES,  // up to here. The kinds below fail once
    RELEASES,                // of space and files
    LOCKS,
    CONDITIONS,  // and their mutexes, where threads sleep on those
    SLEEPS,
    HOOKS,  // what is to be done at an exit, at a fork, at a thread's end, once
    PRINTING,
    SYSTEM,
    KINDS
} FaultKind;

// The outcome that common/ must give it.
typedef enum Outcome {
    DIES,    // ends the process with a sentence
    GOES_ON  // returns what its header says, or does without
} Outcome;

// NAME, call, kind, error number, outcome, words. The sentence must begin with
// the words, in which %zu stands for the bytes that were wanted, otherwise with
// the call; and it must end with what strerror says of the error number.
#define FAULTS(F)                                                              \
    F(MALLOC, "malloc", MEMORY, ENOMEM, DIES, NO_MEMORY)                       \
    F(CALLOC, "calloc", MEMORY, ENOMEM, DIES, NO_MEMORY)                       \
    F(REALLOC, "realloc", MEMORY, ENOMEM, DIES, NO_MEMORY)                     \
    F(ALIGNED, "aligned_alloc", MEMORY, ENOMEM, DIES, NO_MEMORY)               \
    F(MAP, "mmap", SPACE, ENOMEM, DIES, NO_SPACE)                              \
    F(UNMAP, "munmap", RELEASES, ENOMEM, DIES, NULL)                           \
    F(CREATE, "pthread_create", THREADS, EAGAIN, GOES_ON, NO_THREAD)           \
    F(OPEN_FILE, "open", FILES, EMFILE, GOES_ON, RANDOM)                       \
    F(ENTROPY, "getentropy", FILES, ENOSYS, GOES_ON, NULL)                     \
    F(OPEN_SHARED, "shm_open", FILES, ENFILE, GOES_ON, NULL)                   \
    F(STAT, "fstat", FILES, EIO, GOES_ON, NULL)                                \
    F(FLOCK, "flock", FILES, ENOLCK, GOES_ON, NULL)                            \
    F(PREAD, "pread", FILES, EIO, GOES_ON, NULL)                               \
    F(PWRITE, "pwrite", FILES, ENOSPC, GOES_ON, NULL)                          \
    F(TRUNCATE, "ftruncate", FILES, EIO, GOES_ON, NULL)                        \
    F(ALLOCATE, "posix_fallocate", FILES, ENOSPC, GOES_ON, NULL)               \
    F(PROTECT, "mprotect", FILES, ENOMEM, GOES_ON, NULL)                       \
    F(UNLINK, "unlink", FILES, EACCES, GOES_ON, NULL)                          \
    F(RENAME, "rename", FILES, EXDEV, GOES_ON, NULL)                           \
    F(UNLINK_SHARED, "shm_unlink", FILES, EACCES, GOES_ON, NULL)               \
    F(CLOSE_FILE, "close", RELEASES, EIO, DIES, NULL)                          \
    F(FLOCK_AGAIN, "flock", SLEEPS, EINTR, GOES_ON, NULL)                      \
    F(ALLOCATE_AGAIN, "posix_fallocate", SLEEPS, EINTR, GOES_ON, NULL)         \
    F(ALLOCATE_NOT, "posix_fallocate", SYSTEM, ENOSYS, GOES_ON, NULL)          \
    F(ALLOCATE_NOT_HERE, "posix_fallocate", SYSTEM, EINVAL, GOES_ON, NULL)     \
    F(ALLOCATE_NEVER, "posix_fallocate", SYSTEM, EOPNOTSUPP, GOES_ON, NULL)    \
    F(JOIN, "pthread_join", LOCKS, EDEADLK, DIES, NULL)                        \
    F(NAME, "pthread_setname_np", LOCKS, ERANGE, GOES_ON, NULL)                \
    F(MUTEXATTR, "pthread_mutexattr_init", LOCKS, ENOMEM, DIES, NULL)          \
    F(PSHARED, "pthread_mutexattr_setpshared", LOCKS, ENOTSUP, DIES, NULL)     \
    F(TYPE, "pthread_mutexattr_settype", LOCKS, EINVAL, DIES, NULL)            \
    F(ROBUST, "pthread_mutexattr_setrobust", LOCKS, ENOSYS, GOES_ON, NULL)     \
    F(MUTEXATTR_END, "pthread_mutexattr_destroy", LOCKS, EINVAL, DIES, NULL)   \
    F(MUTEX, "pthread_mutex_init", LOCKS, ENOMEM, DIES, NULL)                  \
    F(MUTEX_END, "pthread_mutex_destroy", LOCKS, EBUSY, DIES, NULL)            \
    F(OWNER_DIED, "pthread_mutex_lock", LOCKS, EOWNERDEAD, GOES_ON, NULL)      \
    F(LOST, "pthread_mutex_lock", LOCKS, ENOTRECOVERABLE, DIES, NULL)          \
    F(MENDING, "pthread_mutex_consistent", LOCKS, EINVAL, DIES, NULL)          \
    F(UNLOCK, "pthread_mutex_unlock", LOCKS, EPERM, DIES, NULL)                \
    F(CONDATTR, "pthread_condattr_init", CONDITIONS, ENOMEM, DIES, NULL)       \
    F(CLOCK, "pthread_condattr_setclock", CONDITIONS, EINVAL, DIES, NULL)      \
    F(CONDATTR_END, "pthread_condattr_destroy", CONDITIONS, EINVAL, DIES,      \
      NULL)                                                                    \
    F(CONDITION, "pthread_cond_init", CONDITIONS, EAGAIN, DIES, NULL)          \
    F(BROADCAST, "pthread_cond_broadcast", CONDITIONS, EINVAL, DIES, NULL)     \
    F(PLACE, "pthread_mutex_lock", CONDITIONS, EINVAL, DIES, NULL)             \
    F(WAIT, "pthread_cond_wait", SLEEPS, EINVAL, DIES, NULL)                   \
    F(WAIT_END, "pthread_cond_wait", SLEEPS, 0, GOES_ON, NULL)                 \
    F(TIMED, "pthread_cond_timedwait", SLEEPS, EINVAL, DIES, NULL)             \
    F(TIMED_END, "pthread_cond_timedwait", SLEEPS, 0, GOES_ON, NULL)           \
    F(FUTEX, "syscall", SLEEPS, EINTR, GOES_ON, NULL)                          \
    F(ATEXIT, "atexit", HOOKS, ENOMEM, DIES, NULL)                             \
    F(ATFORK, "pthread_atfork", HOOKS, ENOMEM, DIES, NULL)                     \
    F(ONCE, "pthread_once", HOOKS, EINVAL, DIES, NULL)                         \
    F(SPECIFIC, "pthread_setspecific", HOOKS, ENOMEM, DIES, NULL)              \
    F(FORMAT, "vsnprintf", PRINTING, ENOMEM, DIES, NO_FORMAT)                  \
    F(PRINT, "fprintf", PRINTING, ENOSPC, GOES_ON, NULL)                       \
    F(WRITE, "fwrite", PRINTING, ENOSPC, GOES_ON, NULL)                        \
    F(CORES, "sysconf", SYSTEM, EINVAL, GOES_ON, NULL)

#define NO_MEMORY "out of memory: %zu bytes were wanted"
#define NO_SPACE                                                               \
    "shared_map_new_sized: no address space for a shared map of %zu bytes; "   \
    "ask for fewer"
#define NO_THREAD "no thread could be started: "
#define NO_FORMAT "printf cannot format \""
#define RANDOM "shared_map_new_sized: no random numbers for a shared map: "

typedef enum FaultId {
#define FAULT_ID(name, ...) FAULT_##name,
    FAULTS(FAULT_ID)
#undef FAULT_ID
        FAULT_IDS
} FaultId;

typedef struct Fault {
    const char *call;
    FaultKind kind;
    int error;
    Outcome outcome;
    const char *words;
} Fault;

extern const Fault faults[FAULT_IDS];

// The plan of a run: the nth use of one call fails. Or all uses fail, from the
// nth on, of all calls of some kind: the resource that they ask for is used up.
typedef struct FaultPlan {
    unsigned nth;
    FaultId id;      // FAULT_IDS: none
    bool used_up;    // then
    FaultKind kind;  // KINDS: all kinds that can be
} FaultPlan;

// The report of a run, in memory that its processes share.
typedef struct FaultReport {
    _Atomic unsigned uses[FAULT_IDS];
    _Atomic unsigned uses_of_kind;  // that is used up
    _Atomic unsigned struck;        // calls that were made to fail
    _Atomic size_t wanted;          // bytes, by the first of them
    _Atomic unsigned owners_died;   // locks of holders that had really died
} FaultReport;

// In the parent, before anything else.
void fail_nth_prepare(FaultPlan plan, FaultReport *report);

// From now on calls are counted, and one fails; or no longer. Threads and later
// child processes as well.
void fail_nth_arm(bool armed);

// How many threads sleep now, or are about to.
unsigned fail_nth_asleep(void);

// Threads of the test itself, which always start.
pthread_t fail_nth_thread(void *(*run)(void *), void *arg);
void fail_nth_join(pthread_t thread);

// Writes to the text what was not given back, if it is not these blocks of
// memory. Returns whether there is something to say.
bool fail_nth_leftovers(unsigned kept_blocks, char *text, size_t size);

// Whether a process said exactly one sentence, and the right one. In one that
// calls the inside of the library it need not say where. It may say `says`
// instead of the call, unless that is NULL.
bool fail_says_why(char *said, bool inside, const char *says);

// The errno of the one call that fails.
int fail_nth_error(void);

#endif
