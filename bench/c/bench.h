// Shared by the drivers in C and C++: the clock, threads that begin
// together, cheap random numbers, and the main that understands a cell's
// name.
//
// A driver is a main of one call, and tables of cells in the files beside
// it:
//
//     static double send_all(const Cell *cell)
//     {
//         Run run = { ... };
//         long long ns = bench_threads(cell->threads, body, &run);
//         bench_check(run.sum == expected, "sum is %llu", run.sum);
//         return (double)ns / (double)cell->count;
//     }
//
//     const Cell ours_queue_cells[] = {
//         { "queue-1:1", send_all, 1, 4000000, 0 },
//         BENCH_END
//     };
//
//     int main(int argc, char **argv)
//     {
//         const Cell *const tables[] = { ours_queue_cells, NULL };
//         return bench_main(argc, argv, tables);
//     }

#ifndef BENCH_H
#define BENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// One thing that is measured.
typedef struct Cell {
    const char *name;
    double (*run)(const struct Cell *cell);  // nanoseconds an operation
    int threads;
    long long count;   // how many operations at most: see below. 0: run is
                       // called once, and counts by itself
    long long detail;  // whatever else run wants to know
} Cell;

// The last line of a table.
#define BENCH_END                                                          \
    {                                                                      \
        NULL, NULL, 0, 0, 0                                                \
    }

// Main calls run twice: first with a small part of the count, to warm up
// and to see how fast it goes here, then with as many operations as take
// about a fifth of a second, or with the whole count if that is fewer.

// Runs the cell that the command line names, and prints its result; or
// prints all names for --cells. `tables` ends with a NULL. Returns the exit
// status.
int bench_main(int argc, char **argv, const Cell *const tables[]);

// Nanoseconds on the monotonic clock.
long long bench_now(void);

// Calls body(context, 0), body(context, 1), ... in threads of their own,
// which begin together when all are there. Returns the nanoseconds from
// then until the last has ended.
long long bench_threads(int threads, void (*body)(void *context, int index),
                        void *context);

// Ends the driver with a message, formatted as by printf, when a result is
// wrong. Always evaluates its condition.
void bench_check(bool right, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

// The sum of 0, 1, ... count - 1, which is what most cells send.
static inline uint64_t bench_sum(long long count)
{
    return (uint64_t)count * (uint64_t)(count - 1) / 2;
}

// The next random number of xorshift64*; its state is any number but 0.
static inline uint64_t bench_random(uint64_t *state)
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return *state * UINT64_C(0x2545F4914F6CDD1D);
}

// A random number below `limit`, without a division.
static inline uint32_t bench_below(uint64_t *state, uint32_t limit)
{
    return (uint32_t)(((bench_random(state) >> 32) * limit) >> 32);
}

#ifdef __cplusplus
}
#endif

#endif
