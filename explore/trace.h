// What each thread did, in order, for people to read.

#ifndef TRACE_H
#define TRACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Begins a run; without `on` nothing is kept.
void trace_start(bool on);

// The calling thread does something with an object (or NULL), somewhere.
void trace(const char *what, const void *object, const void *place);

// The calling thread waits.
void trace_wait(const char *what, const void *object, const void *place);

// The last thing that was done had that value, of so many bytes: `back` stores
// ago it was the newest.
void trace_value(uint64_t value, int size, int back);

// How many steps there were so far.
int trace_steps(void);

// The same for what is in memory; more than 8 bytes are left out.
void trace_memory(const void *address, size_t size);

// All of it; or, with only_own, what the program's own lines do that another
// thread could notice, with what is written there.
void trace_print(bool only_own);

#endif
