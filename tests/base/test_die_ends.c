// A process that dies says so and ends, whatever has become of its streams: a
// buffer, a lock that a thread keeps, a pipe that no process reads.
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "channel.h"
#include "full_pipe.h"
#include "sanitizers.h"
#include "test.h"
#include "worker_threads.h"

static void make_mistake(void)
{
    Port *a, *b;
    channel_open(&a, &b);
    port_close(&a);
    port_post(a, "x");
}

#define MISTAKE "port_post: this port was closed or moved away\n"

// ThreadSanitizer keeps a signal back until the thread's next call.
static void must_take_alarms(void)
{
    if (THREAD_SANITIZER)
        test_skip("no alarm comes in the middle of a flush");
}

static int run_child(void (*run)(void))
{
    int status;
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        run();
        _exit(0);
    }
    CHECK(waitpid(child, &status, 0) == child);
    return status;
}

// stderr.

static char log_name[] = P_tmpdir "/test_die_ends.XXXXXX";

static void die_with_log(void)
{
    CHECK(freopen(log_name, "w", stderr) == stderr);
    fputs("buffered before, ", stderr);
    make_mistake();
}

TEST(log_file, "the reason reaches a log file, which stderr is buffered for")
{
    char text[1000] = "";
    int file = mkstemp(log_name);
    CHECK_INT(run_child(die_with_log), 1 << 8);
    CHECK(read(file, text, sizeof text - 1) > 0);
    unlink(log_name);
    CHECK(strstr(text, MISTAKE) != NULL);
    CHECK(strstr(text, "buffered before, ") != NULL);
}

static void *keep_stream(void *stream)
{
    flockfile(stream);
    return NULL;
}

static void keep_by_another_thread(FILE *stream)
{
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, keep_stream, stream) == 0);
    CHECK(pthread_join(thread, NULL) == 0);
}

static void die_without_stderr_lock(void)
{
    keep_by_another_thread(stderr);
    make_mistake();
}

TEST(stderr_locked, "the reason is written although a thread has stderr's lock")
{
    must_take_alarms();
    CHECK_DIES(die_without_stderr_lock, MISTAKE);
}

static void die_with_full_stderr(void)
{
    fill_pipe(STDERR_FILENO);
    make_mistake();
}

TEST(stderr_full, "the process ends although stderr is a full pipe")
{
    must_take_alarms();
    CHECK_INT(run_child(die_with_full_stderr), 1 << 8);
}

// A pipe that does not block, is full, and has a reader.
static int busy_pipe[2];

static void die_with_busy_stderr(void)
{
    CHECK(dup2(busy_pipe[1], STDERR_FILENO) == STDERR_FILENO);
    close(busy_pipe[1]);
    make_mistake();
}

static void *read_later(void *text)
{
    char *end = text;
    ssize_t got;
    test_let_others_run();
    while ((got = read(busy_pipe[0], end, 4096)) > 0)
        end += got;
    return NULL;
}

TEST(stderr_busy, "the reason waits for room in a pipe that does not block")
{
    static char text[1 << 21];
    size_t size = 0;
    CHECK(pipe(busy_pipe) == 0);
    CHECK(fcntl(busy_pipe[1], F_SETFL, O_NONBLOCK) == 0);
    while (write(busy_pipe[1], ".", 1) == 1)
        size++;
    pthread_t reader;
    CHECK(pthread_create(&reader, NULL, read_later, text) == 0);
    CHECK_INT(run_child(die_with_busy_stderr), 1 << 8);
    close(busy_pipe[1]);
    CHECK(pthread_join(reader, NULL) == 0);
    CHECK(strstr(text + size, MISTAKE) != NULL);
}

// stdout.

static void die_without_stdout_lock(void)
{
    keep_by_another_thread(stdout);
    make_mistake();
}

TEST(stdout_locked, "a thread keeps the lock of stdout")
{
    must_take_alarms();
    CHECK_DIES(die_without_stdout_lock, MISTAKE);
}

static void die_with_full_stdout(void)
{
    fill_pipe(STDOUT_FILENO);
    setvbuf(stdout, NULL, _IOFBF, BUFSIZ);
    printf("a line that cannot go out\n");
    make_mistake();
}

TEST(stdout_full, "stdout is a full pipe that no process reads")
{
    must_take_alarms();
    CHECK_DIES(die_with_full_stdout, MISTAKE);
}

static void talk(WorkerContext *self)
{
    (void)self;
    for (;;)
        printf("a worker that has much to say\n");
}

static void die_beside_printing(void)
{
    fill_pipe(STDOUT_FILENO);
    worker_start(talk, NULL);
    test_let_others_run();
    make_mistake();
}

TEST(stdout_printing, "a thread prints to a full pipe, with the lock of stdout")
{
    must_take_alarms();
    CHECK_DIES(die_beside_printing, MISTAKE);
}

// The alarm.

static void die_without_alarms(void)
{
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, NULL);
    signal(SIGALRM, SIG_IGN);
    die_with_full_stdout();
}

TEST(alarms_blocked, "the program has blocked and ignored all alarms")
{
    must_take_alarms();
    CHECK_DIES(die_without_alarms, MISTAKE);
}
