// The victims of a crash (map_victims.h): a process that is killed by SIGKILL,
// or a thread that ends while it holds the map's robust mutex, at a given crash
// point.

#include "map_victims.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "os/os.h"
#include "test.h"

enum { SECONDS_FOR_ONE = 10 };

static _Noreturn void be_killed(void)
{
    kill(getpid(), SIGKILL);
    for (;;)
        pause();
}

long count_points(Call *call)
{
    crash_points_count(0, CRASH_AS_WRITTEN, be_killed);
    call(tried);
    return crash_points_end();
}

static pid_t must_fork(void)
{
    pid_t child = fork();
    CHECK(child >= 0);
    return child;
}

static int status_of(pid_t child)
{
    int status = 0;
    CHECK(waitpid(child, &status, 0) == child);
    return status;
}

static void kill_by(void (*how)(void), Call *call, long fatal, CrashOrder order)
{
    alarm(SECONDS_FOR_ONE);
    pid_t child = must_fork();
    if (child == 0) {
        crash_points_count(fatal, order, how);
        call(tried);
        _Exit(EXIT_FAILURE);
    }
    int status = status_of(child);
    expect(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL,
           "it did not come to where it is to be killed");
}

void kill_in(Call *call, long fatal, CrashOrder order)
{
    kill_by(be_killed, call, fatal, order);
}

// While others wait

enum { OTHERS = 2 };

typedef struct Meeting {
    _Atomic bool is_there;  // the victim, where it is to be killed
    _Atomic int waiting;    // others, then
    struct {
        _Atomic pid_t process;
        _Atomic bool asks, has_ended;
    } others[OTHERS];
} Meeting;

static Meeting *meeting;  // in memory that all of them share

static bool sleeps(pid_t process)
{
    char path[40], line[200] = "";
    snprintf(path, sizeof path, "/proc/%d/stat", (int)process);
    FILE *file = fopen(path, "r");
    if (file == NULL)
        return true;  // cannot be told: it very probably does
    bool has_read = fgets(line, sizeof line, file) != NULL;
    fclose(file);
    const char *end = strrchr(line, ')');
    return has_read && end && end[2] == 'S';
}

static _Noreturn void be_killed_when_others_wait(void)
{
    atomic_store(&meeting->is_there, true);
    for (int i = 0; i < OTHERS; i++) {
        while (!atomic_load(&meeting->others[i].asks))
            sched_yield();
        pid_t process = atomic_load(&meeting->others[i].process);
        while (!atomic_load(&meeting->others[i].has_ended) && !sleeps(process))
            sched_yield();
        if (!atomic_load(&meeting->others[i].has_ended))
            atomic_fetch_add(&meeting->waiting, 1);
    }
    be_killed();
}

// Comes and goes with a key, which a full map refuses: one other with a key of
// its own, one with the key that most victims add.
static pid_t start_other(int number)
{
    pid_t child = must_fork();
    if (child > 0)
        return child;
    const char *key = number == 0 ? "other" : "new";
    while (!atomic_load(&meeting->is_there))
        sched_yield();
    atomic_store(&meeting->others[number].process, getpid());
    atomic_store(&meeting->others[number].asks, true);
    bool added = shared_map_set_int(tried, key, 1);
    bool done = shared_map_delete(tried, key) == added;
    atomic_store(&meeting->others[number].has_ended, true);
    _Exit(done ? EXIT_SUCCESS : EXIT_FAILURE);
}

int kill_while_others_wait(Call *call, long fatal)
{
    pid_t others[OTHERS];
    if (meeting == NULL)
        meeting = memory_reserve(sizeof *meeting);
    CHECK(meeting != NULL);
    memset(meeting, 0, sizeof *meeting);
    for (int i = 0; i < OTHERS; i++)
        others[i] = start_other(i);
    kill_by(be_killed_when_others_wait, call, fatal, CRASH_AS_WRITTEN);
    for (int i = 0; i < OTHERS; i++)
        expect(status_of(others[i]) == 0, "one that waited has failed");
    return atomic_load(&meeting->waiting);
}

// Threads

typedef struct Doomed {
    Call *call;
    long fatal;
} Doomed;

static _Noreturn void end_thread(void)
{
    crash_points_end();
    pthread_exit(tried);
}

static void *run_doomed(void *arg)
{
    const Doomed *doomed = arg;
    crash_points_count(doomed->fatal, CRASH_AS_WRITTEN, end_thread);
    doomed->call(tried);
    crash_points_end();
    return NULL;
}

bool end_thread_in(Call *call, long fatal)
{
    pthread_t thread;
    void *result;
    Doomed doomed = { call, fatal };
    alarm(SECONDS_FOR_ONE);
    CHECK(pthread_create(&thread, NULL, run_doomed, &doomed) == 0);
    CHECK(pthread_join(thread, &result) == 0);
    return result != NULL;
}
