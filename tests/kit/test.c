// The main of every program of tests, and the checks (test.h). It prints the
// list of the tests, or runs one; a check that fails prints its place and ends
// the process. A check that a call dies runs that call in a child process.

#include "test.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "sanitizers.h"

typedef struct TestCase {
    const char *name, *words;
    void (*run)(void);
} TestCase;

static TestCase cases[200];  // filled before main, then only read
static size_t count;
static bool slow;  // so is this
static const char *program;

void test_add(const char *name, const char *words, void (*run)(void))
{
    if (count == sizeof cases / sizeof *cases)
        abort();
    cases[count++] = (TestCase){ name, words, run };
}

static _Noreturn void fail(const char *file, int line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static _Noreturn void fail(const char *file, int line, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fprintf(stderr, "%s:%d: ", file, line);
    vfprintf(stderr, format, args);
    fprintf(stderr, "\n");
    va_end(args);
    fflush(stdout);
    _Exit(EXIT_FAILURE);
}

void test_check(bool holds, const char *file, int line, const char *text)
{
    if (!holds)
        fail(file, line, "does not hold: %s", text);
}

void test_check_int(long long actual, long long expected, const char *file,
                    int line, const char *text)
{
    if (actual != expected)
        fail(file, line, "%s is %lld, not %lld", text, actual, expected);
}

void test_check_text(const char *actual, const char *expected, const char *file,
                     int line, const char *text)
{
    if (actual == NULL || strcmp(actual, expected) != 0)
        fail(file, line, "%s is \"%s\", not \"%s\"", text,
             actual ? actual : "(NULL)", expected);
}

static void read_all(int from, char *text, size_t size)
{
    size_t length = 0;
    ssize_t got = 0;
    while (length + 1 < size &&
           (got = read(from, text + length, size - length - 1)) > 0)
        length += (size_t)got;
    text[length] = '\0';
}

// Starts a child process and reads its stderr. Returns 0 in the child.
static pid_t start_child(int *from, const char *file, int line)
{
    int ends[2];
    fflush(NULL);
    if (pipe(ends) != 0)
        fail(file, line, "no pipe");
    pid_t child = fork();
    if (child == 0)
        dup2(ends[1], STDERR_FILENO);
    close(ends[1]);
    *from = ends[0];
    return child;
}

// Checks the status of the child, and returns in `said` all that it has
// printed.
static void end_child(pid_t child, int from, int expected, char *said,
                      size_t size, const char *file, int line)
{
    read_all(from, said, size);
    close(from);
    int status = 0;
    waitpid(child, &status, 0);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != expected)
        fail(file, line, "ended with status %#x, said: %s", status, said);
}

void test_check_dies(void (*run)(void), const char *words, const char *file,
                     int line)
{
    int from;
    char said[4096];
    pid_t child = start_child(&from, file, line);
    if (child == 0) {
        run();
        _Exit(0);
    }
    end_child(child, from, 1, said, sizeof said, file, line);
    if (!strstr(said, words))
        fail(file, line, "did not say \"%s\" but: %s", words, said);
}

static void start_scene(const char *name)
{
    const char *emulator = getenv("RUNNER");
    char command[4096];
    snprintf(command, sizeof command, "TEST_SCENE=1 exec %s '%s' %s",
             emulator ? emulator : "", program, name);
    execl("/bin/sh", "sh", "-c", command, (char *)NULL);
    _Exit(127);
}

void test_scene(const char *name, void (*run)(void), int status,
                const char *const said[], const char *file, int line)
{
    if (getenv("TEST_SCENE")) {
        run();
        return;
    }
    int from;
    char text[16384];
    pid_t child = start_child(&from, file, line);
    if (child == 0)
        start_scene(name);
    end_child(child, from, status, text, sizeof text, file, line);
    const char *at = text;
    for (size_t i = 0; said[i]; i++) {
        at = strstr(at, said[i]);
        if (at == NULL)
            fail(file, line, "did not say \"%s\" there, but: %s", said[i],
                 text);
    }
    if (said[0] == NULL && text[0] != '\0')
        fail(file, line, "said: %s", text);
}

_Noreturn void test_skip(const char *reason)
{
    printf("%s\n", reason);
    exit(77);  // see run_tests.c
}

const char *test_program(void)
{
    return program;
}

void test_let_others_run(void)
{
    nanosleep(&(struct timespec){ .tv_nsec = 20 * 1000 * 1000 }, NULL);
}

// An emulator is what make RUNNER=... has.
static bool is_slow(void)
{
    const char *emulator = getenv("RUNNER");
    return THREAD_SANITIZER || (emulator && *emulator);
}

int test_rounds(int rounds)
{
    return slow ? (rounds + 4) / 5 : rounds;
}

int main(int argc, char *argv[])
{
    slow = is_slow();
    program = argv[0];
    for (size_t i = 0; i < count; i++) {
        if (argc < 2) {
            printf("%s\t%s\n", cases[i].name, cases[i].words);
        } else if (strcmp(argv[1], cases[i].name) == 0) {
            cases[i].run();
            return EXIT_SUCCESS;
        }
    }
    return argc < 2 ? EXIT_SUCCESS : EXIT_FAILURE;
}
