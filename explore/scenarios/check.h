// The scenarios' two tools: CHECK and TOGETHER.
//
// A scenario is a small program that ends with exit status 0, and has the same
// output, under every schedule. It is ordinary C: it can be run as it is, too.

#ifndef CHECK_H
#define CHECK_H

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

// Ends the program with exit status 1 when the condition does not hold.
#define CHECK(condition)                                                       \
    ((condition) ? (void)0 : check_failed(__FILE__, __LINE__, #condition))

_Noreturn static inline void check_failed(const char *file, int line,
                                          const char *condition)
{
    fprintf(stderr, "%s:%d: %s\n", file, line, condition);
    _Exit(1);
}

// The function of one thread of a scenario.
typedef void Part(void);

// Runs the parts at the same time, the last of them in the calling thread, and
// waits until all have ended.
#define TOGETHER(...)                                                          \
    run_together((Part *[]){ __VA_ARGS__ },                                    \
                 sizeof((Part *[]){ __VA_ARGS__ }) / sizeof(Part *))

static inline void *run_part(void *arg)
{
    Part **part = arg;
    (*part)();
    return NULL;
}

static inline void run_together(Part *parts[], size_t count)
{
    enum { MOST = 4 };
    pthread_t threads[MOST];
    CHECK(0 < count && count <= MOST);
    for (size_t i = 0; i + 1 < count; i++)
        CHECK(pthread_create(&threads[i], NULL, run_part, &parts[i]) == 0);
    parts[count - 1]();
    for (size_t i = 0; i + 1 < count; i++)
        CHECK(pthread_join(threads[i], NULL) == 0);
}

#endif
