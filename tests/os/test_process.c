// What the process says of itself: how many threads it has, and which signals
// may run code of the program's.
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/resource.h>
#include <unistd.h>

#include "os/os.h"
#include "sanitizers.h"
#include "test.h"

// Atomic: the compiler knows that kill calls nothing of this file, and could
// read a plain int before the call.
static atomic_int quits;

static void count_quit(int signal)
{
    (void)signal;
    quits++;
}

static void *stay(void *lock)
{
    pthread_mutex_lock(lock);
    pthread_mutex_unlock(lock);
    return NULL;
}

TEST(counted, "the threads are counted, also with no descriptor left")
{
    if (THREAD_SANITIZER)
        test_skip("ThreadSanitizer has a thread of its own");
    enum { THREADS = 5 };
    pthread_t threads[THREADS];
    pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    struct rlimit limit;
    size_t before = process_threads();
    if (before == 0)
        test_skip("this system does not tell how many threads there are");
    pthread_mutex_lock(&lock);
    for (int i = 0; i < THREADS; i++)
        CHECK(pthread_create(&threads[i], NULL, stay, &lock) == 0);
    CHECK_INT((long long)process_threads(), (long long)before + THREADS);
    CHECK_INT(getrlimit(RLIMIT_NOFILE, &limit), 0);
    struct rlimit none = { .rlim_cur = 0, .rlim_max = limit.rlim_max };
    CHECK_INT(setrlimit(RLIMIT_NOFILE, &none), 0);
    size_t meanwhile = process_threads();
    CHECK_INT(setrlimit(RLIMIT_NOFILE, &limit), 0);  // the search for leaks
    CHECK_INT((long long)meanwhile, (long long)before + THREADS);
    pthread_mutex_unlock(&lock);
    for (int i = 0; i < THREADS; i++)
        CHECK(pthread_join(threads[i], NULL) == 0);
}

TEST(caught, "a signal with a handler is caught, an ignored one is not")
{
    signal(SIGQUIT, SIG_IGN);
    CHECK(!process_catches_signals(NULL));
    signal(SIGUSR1, count_quit);
    CHECK(process_catches_signals(NULL));
    CHECK(!process_catches_signals(count_quit));
}

TEST(on_quit, "SIGQUIT is taken over unless something is to happen then")
{
    signal(SIGQUIT, SIG_IGN);
    process_on_quit(count_quit);
    kill(getpid(), SIGQUIT);
    CHECK_INT(quits, 0);

    signal(SIGQUIT, SIG_DFL);
    process_on_quit(count_quit);
    kill(getpid(), SIGQUIT);
    CHECK_INT(quits, 1);
}
