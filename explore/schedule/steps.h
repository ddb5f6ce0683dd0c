// What each thread did, in order, for people to read.

#ifndef STEPS_H
#define STEPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Begins a run; without `on` nothing is kept.
void steps_start(bool on);

// The calling thread does something with an object (or NULL), somewhere.
void steps_add(const char *what, const void *object, const void *place);

// The calling thread waits.
void steps_wait(const char *what, const void *object, const void *place);

// The last thing that was done had that value, of so many bytes: `back` stores
// ago it was the newest.
void steps_value(uint64_t value, int size, int back);

// How many steps there were so far.
int steps_count(void);

// The same for what is in memory; more than 8 bytes are left out.
void steps_memory(const void *address, size_t size);

// All of it; or, with only_own, what the program's own lines do that another
// thread could notice, with what is written there.
void steps_print(bool only_own);

#endif
