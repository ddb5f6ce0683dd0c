// time_limit SECONDS COMMAND...
//
// Runs the command, and kills it with all its children if it takes longer: then
// the status is 124, as with coreutils' timeout, which is not on every machine.
// Otherwise the status is the command's own, or 128 and its signal. Processes
// that the command leaves behind are killed too: its process group, and on
// Linux also processes that have left the group. Those become our children when
// their parent dies.

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
#if defined(__linux__) && !defined(NOT_LINUX)
#include <sys/prctl.h>
#endif

static volatile sig_atomic_t child;     // its process group has the same number
static volatile sig_atomic_t ended_by;  // a signal to us

static void kill_all(int signal_number)
{
    ended_by = signal_number;
    kill(-(pid_t)child, SIGKILL);
}

#if defined(__linux__) && !defined(NOT_LINUX)
static void adopt_orphans(void)
{
    prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
}

// An orphan that dies may leave us its own children: repeat until none is left.
static void kill_orphans(void)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/self/task/%d/children", (int)getpid());
    FILE *children;
    while ((children = fopen(path, "r")) != NULL) {
        int pid;
        bool any = false;
        for (; fscanf(children, "%d", &pid) == 1; any = true)
            kill(pid, SIGKILL);
        fclose(children);
        if (!any)
            return;
        waitpid(-1, NULL, 0);
    }
}
#else
static void adopt_orphans(void)
{
}
static void kill_orphans(void)
{
}
#endif

static int wait_for_child(void)
{
    int status;
    while (waitpid((pid_t)child, &status, 0) < 0)
        if (errno != EINTR)
            return 125;
    kill(-(pid_t)child, SIGKILL);
    kill_orphans();
    if (ended_by != 0)
        return ended_by == SIGALRM ? 124 : 128 + ended_by;
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

int main(int argc, char *argv[])
{
    unsigned seconds = argc > 2 ? (unsigned)atoi(argv[1]) : 0;
    if (seconds == 0) {
        fprintf(stderr, "usage: time_limit SECONDS COMMAND...\n");
        return 125;
    }
    adopt_orphans();
    pid_t pid = fork();
    if (pid < 0) {
        perror("fork");
        return 125;
    }
    // Parent and child both do this: either may run first, and it must be done
    // before the child starts the command and before a signal comes.
    setpgid(pid, pid);
    if (pid == 0) {
        setpgid(0, 0);
        // A shell starts what it runs in the background without these two.
        signal(SIGINT, SIG_DFL);
        signal(SIGQUIT, SIG_DFL);
        execvp(argv[2], argv + 2);
        perror(argv[2]);
        _exit(127);
    }
    child = pid;
    signal(SIGALRM, kill_all);
    signal(SIGINT, kill_all);
    signal(SIGTERM, kill_all);
    signal(SIGHUP, kill_all);
    alarm(seconds);
    int status = wait_for_child();
    if (ended_by == SIGALRM)
        fprintf(stderr, "killed: took longer than %u s\n", seconds);
    return status;
}
