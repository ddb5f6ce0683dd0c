// What each thread did, in order: the steps of one run, for a listing.

#ifndef STEPS_H
#define STEPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/finding.h"

enum { MAX_STEPS = 20000 };

typedef struct Step {
    int thread;
    char name[32];  // of the thread
    char what[48];
    int object;  // its number, or -1
    Place place;
    bool has_value;
    uint64_t value;
    int size;  // of the value, in bytes
    int back;
} Step;

// Begins a run; without `on` nothing is kept.
void steps_start(bool on);

// The calling thread does something with an object (or NULL), somewhere.
void steps_add(const char *what, const void *object, const void *place);

// The calling thread waits.
void steps_wait(const char *what, const void *object, const void *place);

// The last step had that value, of `size` bytes: `back` stores ago it was the
// newest.
void steps_value(uint64_t value, int size, int back);

// The same for a value in memory; more than 8 bytes are left out.
void steps_memory(const void *address, size_t size);

// How many steps there were so far; of more than MAX_STEPS the rest is left
// out.
int steps_count(void);

// One of the steps, from 0.
const Step *steps_at(int number);

// The address of the object with that number.
const void *steps_object(int number);

#endif
