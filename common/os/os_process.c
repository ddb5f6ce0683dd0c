// The process and its threads: starting, naming, numbering and counting them,
// and the signals that the deadlock detector must know of.
#ifndef _GNU_SOURCE
#define _GNU_SOURCE  // pthread_setname_np on Linux
#endif
#include "base/base.h"

#include "os.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "os_has.h"

#if defined(__FreeBSD__) || defined(__OpenBSD__)
#include <pthread_np.h>
#endif

// A lack of threads may pass within moments: the kernel counts a thread that
// has ended for a while. The sleeps wait for such resources, not for a thread,
// so no wake-up could end them. They grow: 1 ms, 2 ms, up to LAST_MS.
int thread_start(pthread_t *thread, void *(*run)(void *), void *arg)
{
    enum { LAST_MS = 20 };
    int error = pthread_create(thread, NULL, run, arg);
    for (int ms = 1; error == EAGAIN && ms <= LAST_MS; ms++) {
        _Atomic uint32_t unchanged = 0;
        futex_wait(&unchanged, 0, deadline_in_ms(ms));
        error = pthread_create(thread, NULL, run, arg);
    }
    return error;
}

void thread_must_start(pthread_t *thread, void *(*run)(void *), void *arg)
{
    must_be_zero(thread_start(thread, run, arg), "no thread could be started");
}

// A name is a help, not a promise: that it could not be set is no error.
void thread_set_name(const char *name)
{
    char cut[16];  // Linux refuses longer ones instead of cutting them
    snprintf(cut, sizeof cut, "%s", name);
#if defined(__APPLE__)
    pthread_setname_np(cut);
#elif defined(__FreeBSD__) || defined(__OpenBSD__)
    pthread_set_name_np(pthread_self(), cut);
#elif defined(__NetBSD__)
    pthread_setname_np(pthread_self(), "%s", cut);
#else
    pthread_setname_np(pthread_self(), cut);
#endif
}

// Not by an address: a thread that has ended leaves that to the next one.
static _Thread_local unsigned long own_number;

// Relaxed: each addition gives another number, and no data is passed by it.
unsigned long thread_number_next(void)
{
    static _Atomic unsigned long last;
    return atomic_fetch_add_explicit(&last, 1, memory_order_relaxed) + 1;
}

void thread_set_number(unsigned long number)
{
    own_number = number;
}

unsigned long thread_number(void)
{
    if (own_number == 0)
        own_number = thread_number_next();
    return own_number;
}

// Asked once: it is a system call, and spinning asks often. Relaxed: threads
// that ask at the same time store the same number.
size_t thread_cores(void)
{
    static _Atomic long known;
    long cores = atomic_load_explicit(&known, memory_order_relaxed);
    if (cores == 0) {
        cores = sysconf(_SC_NPROCESSORS_ONLN);
        cores = cores > 0 ? cores : 1;
        atomic_store_explicit(&known, cores, memory_order_relaxed);
    }
    return (size_t)cores;
}

// glibc takes the limit of the shell (ulimit -s), musl 128 KiB, or what the
// linker wrote into the program (zig: 16 MiB). The first thread has the limit.
size_t thread_stack_size(void)
{
    static _Atomic size_t known;
    size_t size = atomic_load_explicit(&known, memory_order_relaxed);
    if (size == 0) {
        pthread_attr_t attributes;
        must(pthread_attr_init(&attributes));
        must(pthread_attr_getstacksize(&attributes, &size));
        must(pthread_attr_destroy(&attributes));
        struct rlimit limit;
        if (getrlimit(RLIMIT_STACK, &limit) == 0 && limit.rlim_cur < size)
            size = (size_t)limit.rlim_cur;
        atomic_store_explicit(&known, size, memory_order_relaxed);
    }
    return size;
}

// Linux has one folder for each thread, and each is one link to their parent.
// A look at the number of links needs no descriptor.
size_t process_threads(void)
{
#if OS_HAS_TASK_FOLDER
    struct stat status;
    if (stat("/proc/self/task", &status) == 0 && status.st_nlink > 2)
        return status.st_nlink - 2;
#endif
    return 0;
}

// Signals of a program that has gone wrong; sanitizers have handlers for them.
static bool is_fault(int signal)
{
    return signal == SIGSEGV || signal == SIGBUS || signal == SIGFPE ||
           signal == SIGILL || signal == SIGABRT || signal == SIGTRAP ||
           signal == SIGSYS;
}

bool process_catches_signals(void (*but)(int))
{
    struct sigaction action;
    for (int signal = 1; signal < NSIG; signal++)
        if (!is_fault(signal) && sigaction(signal, NULL, &action) == 0 &&
            action.sa_handler != SIG_DFL && action.sa_handler != SIG_IGN &&
            action.sa_handler != but)
            return true;
    return false;
}

Signals signals_block(void)
{
    static const int faults[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT };
    Signals all, before;
    must(sigfillset(&all.set));
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++)
        must(sigdelset(&all.set, faults[i]));
    must_be_zero(pthread_sigmask(SIG_BLOCK, &all.set, &before.set),
                 "pthread_sigmask");
    return before;
}

void signals_restore(const Signals *before)
{
    must_be_zero(pthread_sigmask(SIG_SETMASK, &before->set, NULL),
                 "pthread_sigmask");
}

void process_on_quit(void (*handler)(int))
{
    struct sigaction action;
    must(sigaction(SIGQUIT, NULL, &action));
    if (action.sa_handler != SIG_DFL)
        return;
    action =
        (struct sigaction){ .sa_handler = handler, .sa_flags = SA_RESTART };
    must(sigaction(SIGQUIT, &action, NULL));
}
