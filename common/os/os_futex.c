// A futex: sleeping on a word of memory. On Linux it is the kernel's ("fast
// user space mutex"). Elsewhere it is a parking lot, as in WebKit (F. Pizlo,
// 2016): a few buckets with a mutex and a condition each. A word's address is
// hashed to its bucket.
//
// No wake-up is lost, because the word is compared where no wake-up can come in
// between: in the kernel, or under the bucket's mutex. A wake-up never reads
// the word: its thread may have gone on, and freed the word with its stack.
#include "base/base.h"

#include "os.h"

#include <time.h>
#include <unistd.h>

#include "os_has.h"

static struct timespec as_timespec(long long ns)
{
    return (struct timespec){ .tv_sec = (time_t)(ns / 1000000000LL),
                              .tv_nsec = (long)(ns % 1000000000LL) };
}

#if OS_HAS_FUTEX

#include <sys/syscall.h>

// The kernel's own numbers: not every C library brings its header. The first
// is the kind that takes an absolute time, on the monotonic clock.
enum { FUTEX_WAIT_BITSET_PRIVATE = 9 | 128, FUTEX_WAKE_PRIVATE = 1 | 128 };

void futex_wait(_Atomic uint32_t *word, uint32_t expected, Deadline deadline)
{
    struct timespec until = as_timespec(deadline.ns);
    bool never = deadline.ns == DEADLINE_NEVER.ns;
    syscall(SYS_futex, word, FUTEX_WAIT_BITSET_PRIVATE, expected,
            never ? NULL : &until, NULL, UINT32_MAX);
}

void futex_wake(_Atomic uint32_t *word)
{
    syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}

#else

typedef struct Bucket {
    pthread_mutex_t mutex;
    pthread_cond_t condition;
} Bucket;

enum { BUCKET_BITS = 4, BUCKETS = 1 << BUCKET_BITS };

static Bucket buckets[BUCKETS];

// Not by PTHREAD_COND_INITIALIZER, which waits on a clock that can be set.
static void make_buckets(void)
{
    pthread_condattr_t attributes;
    must(pthread_condattr_init(&attributes));
#if OS_HAS_CONDITION_CLOCK
    must(pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC));
#endif
    for (int i = 0; i < BUCKETS; i++) {
        must(pthread_mutex_init(&buckets[i].mutex, NULL));
        must(pthread_cond_init(&buckets[i].condition, &attributes));
    }
    must(pthread_condattr_destroy(&attributes));
}

// A child process has new buckets: a mutex may have been locked by a thread
// that the child does not have.
static void init_buckets(void)
{
    make_buckets();
    must(pthread_atfork(NULL, NULL, make_buckets));
}

// Returns the word's bucket, with its mutex locked.
static Bucket *lock_bucket(const _Atomic uint32_t *word)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    must(pthread_once(&once, init_buckets));
    // Fibonacci hashing, because stacks are alike: in threads that wait in one
    // function the words' addresses differ by large powers of two.
    uint64_t mixed = (uintptr_t)word * UINT64_C(0x9E3779B97F4A7C15);
    Bucket *bucket = &buckets[mixed >> (64 - BUCKET_BITS)];
    must(pthread_mutex_lock(&bucket->mutex));
    return bucket;
}

static void bucket_wait(Bucket *bucket, Deadline deadline)
{
    if (deadline.ns == DEADLINE_NEVER.ns) {
        must(pthread_cond_wait(&bucket->condition, &bucket->mutex));
        return;
    }
#if OS_HAS_CONDITION_CLOCK
    struct timespec until = as_timespec(deadline.ns);
    int error =
        pthread_cond_timedwait(&bucket->condition, &bucket->mutex, &until);
#else
    struct timespec span = as_timespec(deadline_remaining_ns(deadline));
    int error = pthread_cond_timedwait_relative_np(&bucket->condition,
                                                   &bucket->mutex, &span);
#endif
    must_be_zero(error == ETIMEDOUT ? 0 : error, "pthread_cond_timedwait");
}

void futex_wait(_Atomic uint32_t *word, uint32_t expected, Deadline deadline)
{
    Bucket *bucket = lock_bucket(word);
    // Relaxed: the mutex orders this after a wake-up that has been, and before
    // one that is still to come.
    if (atomic_load_explicit(word, memory_order_relaxed) == expected)
        bucket_wait(bucket, deadline);
    must(pthread_mutex_unlock(&bucket->mutex));
}

// A broadcast, because the threads in a bucket may wait on different words. To
// most of them it is a spurious wake-up, and they sleep again: a thundering
// herd, but a small one.
void futex_wake(_Atomic uint32_t *word)
{
    Bucket *bucket = lock_bucket(word);
    must(pthread_cond_broadcast(&bucket->condition));
    must(pthread_mutex_unlock(&bucket->mutex));
}

#endif
