// The memory of the explored program: the stacks and thread-local variables
// of its threads, its heap, and its variables. It is at the same addresses
// in every run, so that every run can be repeated.

#ifndef MEMORY_H
#define MEMORY_H

#include <stdbool.h>
#include <stddef.h>

#include "cell.h"

// Reserves it all, once.
void memory_init(void);

// Says where the variables are, once.
void memory_set_variables(char *start, size_t size);

// Begins a run: the heap is empty.
void memory_start(void);

// What the heap holds now stays there in every run: what the program
// allocated before it was started.
void memory_keep(void);

// Of the thread with that number.
char *memory_stack(int thread);
char *memory_storage(int thread, size_t size);

// Where what we know of an address is kept, or NULL if it is not the
// program's.
Cell *memory_cell(const void *address);

// Says whether it lies in a part of a thread's stack that is not in use.
bool memory_is_left(const void *address);

// A new block of the heap, or NULL when the heap is full; whether an address
// lies in the heap; and the size that a block was asked for with.
void *memory_allocate(size_t size, size_t alignment);
bool memory_is_heap(const void *address);
size_t memory_block_size(const void *block);

// Pages, all zeros (mmap), or NULL when there are no more.
enum { PAGE = 4096 };
void *memory_map(size_t size);

// Whether the address lies in such a page, and that was written to in this run.
bool memory_is_touched(const void *address);

// Notes a write, so that pages are zero again in the next run.
void memory_touch(const void *address, size_t size);

#endif
