// The steps of one run: each operation of each thread in order, for a listing.

#ifndef STEPS_H
#define STEPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/finding.h"

enum { MAX_STEPS = 20000 };

typedef struct Step {
    int thread;
    char name[32];  // the thread's
    char what[48];  // the operation, such as "locks"
    int object;     // its number, or -1
    Place place;
    bool has_value;
    uint64_t value;
    int size;  // of the value, in bytes
    int back;  // number of newer stores that a load has missed
} Step;

// Begins a run; without `on` no step is kept.
void steps_start(bool on);

// Adds an operation of the calling thread, on an object or NULL, at a place in
// the program.
void steps_add(const char *what, const void *object, const void *place);

// Adds a wait of the calling thread.
void steps_wait(const char *what, const void *object, const void *place);

// Gives the calling thread's last step a value of `size` bytes, which was the
// newest one `back` stores ago.
void steps_value(uint64_t value, int size, int back);

// The same for a value in memory; more than 8 bytes are left out.
void steps_memory(const void *address, size_t size);

// Returns the number of steps so far. The log ends after MAX_STEPS.
int steps_count(void);

// Returns a step by its number, from 0.
const Step *steps_at(int number);

// Returns the address of the object with that number.
const void *steps_object(int number);

#endif
