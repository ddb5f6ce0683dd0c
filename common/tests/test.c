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

void test_check_dies(void (*run)(void), const char *words, const char *file,
                     int line)
{
    int ends[2];
    fflush(NULL);
    if (pipe(ends) != 0)
        fail(file, line, "no pipe");
    pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], STDERR_FILENO);
        close(ends[0]);
        close(ends[1]);
        run();
        _Exit(0);
    }
    close(ends[1]);
    char said[4096];
    read_all(ends[0], said, sizeof said);
    close(ends[0]);

    int status = 0;
    waitpid(child, &status, 0);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 1)
        fail(file, line, "ended with status %#x, said: %s", status, said);
    if (!strstr(said, words))
        fail(file, line, "did not say \"%s\" but: %s", words, said);
}

_Noreturn void test_skip(const char *reason)
{
    printf("%s\n", reason);
    exit(77);  // see to_bats.sh
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
