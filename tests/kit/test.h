// The framework of the tests of common/.
//
//     TEST(fifo, "messages arrive in the order in which they were posted")
//     {
//         ...
//         CHECK(port_receive(port, &msg));
//         CHECK_TEXT(msg.text, "first");
//     }
//
// A program of tests prints its list when it is called without arguments, and
// runs one test when it is given its name. Every test is a process of its own
// under a time limit from outside, so a hang or a crash fails that test alone.

#ifndef TEST_H
#define TEST_H

#include <stdbool.h>

#define TEST(name, words)                                                      \
    static void name(void);                                                    \
    __attribute__((constructor)) static void add_##name(void)                  \
    {                                                                          \
        test_add(#name, words, name);                                          \
    }                                                                          \
    static void name(void)

// A check that fails prints its place and what was found, and ends the process
// with status 1. Any thread may check.
#define CHECK(condition) test_check((condition), __FILE__, __LINE__, #condition)
#define CHECK_INT(actual, expected)                                            \
    test_check_int((actual), (expected), __FILE__, __LINE__, #actual)
#define CHECK_TEXT(actual, expected)                                           \
    test_check_text((actual), (expected), __FILE__, __LINE__, #actual)

// Checks that the function, in a child process, dies with status 1 and says
// these words on stderr. Call it while the test has no threads.
#define CHECK_DIES(run, words)                                                 \
    test_check_dies((run), (words), __FILE__, __LINE__)

// A test of what a whole program says on stderr: this one, started once more.
// It must end with this status, and say all of these words, in this order; or,
// if they are NULL, nothing at all.
//
//     SCENE(alone, "the only thread waits", 3, "Stuck: ", "at test_x.c:12")
//     {
//         ... what that program does
//     }
#define SCENE(name, words, status, ...)                                        \
    static void scene_##name(void);                                            \
    TEST(name, words)                                                          \
    {                                                                          \
        const char *const said[] = { __VA_ARGS__, NULL };                      \
        test_scene(#name, scene_##name, status, said, __FILE__, __LINE__);     \
    }                                                                          \
    static void scene_##name(void)

// Ends the test as one that could not be tried here, and says why.
_Noreturn void test_skip(const char *reason);

// How often a test repeats something: so many times, or a fifth of it where all
// takes many times as long, with ThreadSanitizer and in an emulator. For the
// tests that last longest there, and hold for any number.
int test_rounds(int rounds);

void test_add(const char *name, const char *words, void (*run)(void));
void test_check(bool holds, const char *file, int line, const char *text);
void test_check_int(long long actual, long long expected, const char *file,
                    int line, const char *text);
void test_check_text(const char *actual, const char *expected, const char *file,
                     int line, const char *text);
void test_check_dies(void (*run)(void), const char *words, const char *file,
                     int line);

void test_scene(const char *name, void (*run)(void), int status,
                const char *const said[], const char *file, int line);

// The path of this program, to run it once more.
const char *test_program(void);

// Waits a little, so that another thread very probably is where we want it. For
// tests that would also pass without: nothing may hang on its being enough.
void test_let_others_run(void);

#endif
