#include "base/base.h"

#include "os.h"

#include <dirent.h>
#include <signal.h>

#ifdef __linux__

// One folder for each thread.
size_t process_threads(void)
{
    size_t count = 0;
    DIR *folder = opendir("/proc/self/task");
    if (folder == NULL)
        return 0;
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;)
        count += entry->d_name[0] != '.';
    closedir(folder);
    return count;
}

#else

size_t process_threads(void)
{
    return 0;
}

#endif

// Those of a program that has gone wrong, which sanitizers catch.
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
