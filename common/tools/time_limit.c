// time_limit SECONDS COMMAND...
//
// Runs the command, and kills it with all its children when it takes longer:
// then the status is 124, as with coreutils' timeout, which is not on every
// machine. Otherwise the status is the command's own, or 128 and its signal.
// What the command leaves behind when it ends is killed too.

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile sig_atomic_t child;  // its process group has the same number
static volatile sig_atomic_t expired;

static void kill_all(int signal_number)
{
    expired = signal_number == SIGALRM;
    kill(-(pid_t)child, SIGKILL);
    if (!expired)  // somebody ended us: end as the signal would have it
        _exit(128 + signal_number);
}

static int wait_for_child(void)
{
    int status;
    while (waitpid((pid_t)child, &status, 0) < 0)
        if (errno != EINTR)
            return 125;
    kill(-(pid_t)child, SIGKILL);
    if (expired)
        return 124;
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

int main(int argc, char *argv[])
{
    unsigned seconds = argc > 2 ? (unsigned)atoi(argv[1]) : 0;
    if (seconds == 0) {
        fprintf(stderr, "usage: time_limit SECONDS COMMAND...\n");
        return 125;
    }
    pid_t pid = fork();
    if (pid < 0) {
        perror("fork");
        return 125;
    }
    // Both of us, so that it is done whoever runs first.
    setpgid(pid, pid);
    if (pid == 0) {
        setpgid(0, 0);
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
    if (expired)
        fprintf(stderr, "killed: took longer than %u s\n", seconds);
    return status;
}
