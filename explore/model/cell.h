// What is known of eight bytes of the program's memory.

#ifndef CELL_H
#define CELL_H

#include <stdbool.h>
#include <stdint.h>

enum { READ = 0, WRITE = 1, ATOMIC = 2 };  // kinds of access; ATOMIC is added

enum { ACCESSES = 4 };

// One access to some of the eight bytes.
typedef struct Access {
    const void *place;
    uint32_t time;  // of the thread
    uint8_t thread;
    uint8_t bytes;  // one bit each; 0 is no access
    uint8_t kind;
} Access;

typedef struct Cell {
    uint32_t run;      // what follows is from that run of the program
    uint32_t history;  // of atomics here, or 0
    uint32_t object;   // of pthreads, or 0
    bool freed;
    Access accesses[ACCESSES];

    // For all runs: which threads have used it in operations at which
    // another thread may come between.
    uint32_t readers, writers;
} Cell;

#endif
