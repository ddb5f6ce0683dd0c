// The checks of test.h, for programs that are no tests: a failure is a crash.

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test.h"

void test_check(bool holds, const char *file, int line, const char *text)
{
    if (!holds) {
        fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, text);
        abort();
    }
}

void test_check_int(long long actual, long long expected, const char *file,
                    int line, const char *text)
{
    test_check(actual == expected, file, line, text);
}

void test_check_text(const char *actual, const char *expected, const char *file,
                     int line, const char *text)
{
    test_check(strcmp(actual, expected) == 0, file, line, text);
}
