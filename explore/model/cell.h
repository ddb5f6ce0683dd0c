// A shadow cell: the state of eight bytes of the program's memory.

#ifndef CELL_H
#define CELL_H

#include <stdbool.h>
#include <stdint.h>

enum { READ = 0, WRITE = 1, ATOMIC = 2 };  // kinds of access; ATOMIC is added

enum { ACCESSES = 4 };

// One access to some of the eight bytes. Thread and time are its epoch: they
// suffice to decide whether it happens before a later access.
typedef struct Access {
    const void *place;
    uint32_t time;  // in the thread's clock
    uint8_t thread;
    uint8_t bytes;  // one bit each; 0 is no access
    uint8_t kind;
} Access;

typedef struct Cell {
    uint32_t run;      // the run of the program to which the next fields belong
    uint32_t history;  // the first history of an atomic here, or 0
    uint32_t object;   // the pthreads object here, or 0
    bool freed;
    Access accesses[ACCESSES];

    // Kept for all runs: the threads that have used these bytes in operations
    // with a scheduling point, one bit each.
    uint32_t readers, writers;
} Cell;

#endif
