// Shared by the tests of load: how much load there is, and how much memory it
// may cost.
//
//     Load load = load_begin("items through the queue", 10 * 1000 * 1000);
//     while (load_goes_on(&load))
//         ...                    // a round: load.share of them
//     load_end(&load);           // checks the memory, and prints the figures
//
// A round is a thousandth of the whole. Four are done, or as many as the
// environment's LOAD says: so LOAD=1000 is the whole. With LOAD_SECONDS there
// are as many as take so long, and LOAD means nothing.
//
// Memory is looked at after every round, when nothing is on its way. The first
// tenth of the rounds, or of the time, is the warm-up: until then the C library
// still gets what it then keeps (stacks of ended threads, arenas, caches), and
// so do we (futures, segments of ports, threads of tasks). From then on there
// must not be more than there was, but for a little that has nothing to do with
// how much has gone through:
//
//     heap       128 KiB of what is allocated. Each thread's cache of freed
//                blocks counts as allocated, and how full it is is chance; and
//                a port or a map has more on its way at one time than at
//                another. One byte lost for each of ten million items would be
//                76 times as much.
//     resident   2 MiB: stacks that were not as deep before, and a heap that is
//                shared out differently.
//     mappings   40: each of 16 threads may get another stack and arena, with
//                a guard page, than the one before it.
//
// Sanitizers keep books in the same memory, which grow with what they see: with
// them nothing is checked about it, and the figures say so. They do so too
// where there is no /proc.

#ifndef LOAD_H
#define LOAD_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#if defined(__GLIBC__) && !defined(NOT_LINUX)
#include <malloc.h>
#endif

#include "sanitizers.h"
#include "test.h"

enum { HEAP_SLACK = 128, RESIDENT_SLACK = 2048, MAPPINGS_SLACK = 40 };

// In KiB but for the mappings; 0 where it is not known.
typedef struct Memory {
    long heap, resident, mappings;
} Memory;

typedef struct Load {
    const char *what;
    long share;         // of one round
    long rounds;        // how many have been done
    long most_rounds;   // or, if there are seconds, 0
    long long began;    // nanoseconds
    long long seconds;  // or 0
    Memory warm, most;  // after the warm-up, and the most since
} Load;

static inline long heap_now(void)
{
#if defined(__GLIBC__) && !defined(NOT_LINUX) &&                               \
    !(ADDRESS_SANITIZER || THREAD_SANITIZER)
#if __GLIBC_PREREQ(2, 33)
    struct mallinfo2 info = mallinfo2();
    return (long)((info.uordblks + info.hblkhd) / 1024);
#endif
#endif
    return 0;
}

// Under an emulator it would be the emulator's, which grows with what it runs.
static inline long resident_now(void)
{
    long pages = 0;
    const char *emulator = getenv("RUNNER");
    if (emulator && *emulator)
        return 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (file == NULL)
        return 0;
    CHECK_INT(fscanf(file, "%*s %ld", &pages), 1);
    fclose(file);
    return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

static inline long mappings_now(void)
{
    long lines = 0;
    char line[1024];
    FILE *file = fopen("/proc/self/maps", "r");
    if (file == NULL)
        return 0;
    while (fgets(line, sizeof line, file))
        lines += strchr(line, '\n') != NULL;
    fclose(file);
    return lines;
}

static inline Memory memory_now(void)
{
    return (Memory){ heap_now(), resident_now(), mappings_now() };
}

static inline long load_number(const char *name, long otherwise)
{
    const char *text = getenv(name);
    if (text == NULL || *text == '\0')
        return otherwise;
    char *end;
    long number = strtol(text, &end, 10);
    CHECK(*end == '\0' && number > 0);
    return number;
}

static inline long long nanoseconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000LL * 1000 * 1000 + now.tv_nsec;
}

static inline Load load_begin(const char *what, long whole)
{
    return (Load){ .what = what,
                   .share = whole / 1000,
                   .most_rounds = load_number("LOAD", 4),
                   .seconds = load_number("LOAD_SECONDS", 0),
                   .began = nanoseconds_now() };
}

// How far we are: in rounds, or in nanoseconds.
static inline bool load_has_done(const Load *load, int percent)
{
    if (load->seconds == 0)
        return load->rounds * 100 >= load->most_rounds * percent;
    long long passed = nanoseconds_now() - load->began;
    return passed / (10 * 1000 * 1000) >= load->seconds * percent;
}

static inline void keep_most(long *most, long now)
{
    if (*most < now)
        *most = now;
}

static inline void load_look_at_memory(Load *load)
{
    Memory now = memory_now();
    if (load->warm.mappings == 0 || !load_has_done(load, 10))
        load->most = load->warm = now;
    keep_most(&load->most.heap, now.heap);
    keep_most(&load->most.resident, now.resident);
    keep_most(&load->most.mappings, now.mappings);
}

// Whether there is another round to do.
static inline bool load_goes_on(Load *load)
{
    if (load->rounds > 0)
        load_look_at_memory(load);
    if (load->rounds > 1 && load_has_done(load, 100))
        return false;
    load->rounds++;
    return true;
}

static inline void load_print(const Load *load)
{
    double count = (double)load->rounds * (double)load->share;
    double ns = (double)(nanoseconds_now() - load->began);
    printf("%.0f %s in %.1f s, %.0f a second, %.0f ns each\n", count,
           load->what, ns / 1e9, count / (ns / 1e9), ns / count);
    if (ADDRESS_SANITIZER || THREAD_SANITIZER || load->warm.mappings == 0)
        printf("    memory: cannot be told here\n");
    else
        printf("    memory: heap %ld KiB, then at most %ld; resident %ld KiB, "
               "then at most %ld; mappings %ld, then at most %ld\n",
               load->warm.heap, load->most.heap, load->warm.resident,
               load->most.resident, load->warm.mappings, load->most.mappings);
}

static inline void load_end(const Load *load)
{
    load_print(load);
    if (ADDRESS_SANITIZER || THREAD_SANITIZER)
        return;
    CHECK(load->most.heap <= load->warm.heap + HEAP_SLACK);
    CHECK(load->most.resident <= load->warm.resident + RESIDENT_SLACK);
    CHECK(load->most.mappings <= load->warm.mappings + MAPPINGS_SLACK);
}

// Bits that follow from the number and from all of its bits: when sums of these
// are equal, nothing is missing for which something else came twice.
static inline uint64_t mixed(uint64_t number)
{
    number = (number ^ (number >> 31)) * 0x9e3779b97f4a7c15U;
    number = (number ^ (number >> 29)) * 0xbf58476d1ce4e5b9U;
    return number ^ (number >> 32);
}

#endif
