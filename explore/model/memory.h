// The memory of the explored program: the stacks and thread-local variables of
// its threads, its heap (with a quarantine), and its variables. They are at the
// same addresses in every run, so that every run can be repeated.

#ifndef MEMORY_H
#define MEMORY_H

#include <stdbool.h>
#include <stddef.h>

#include "cell.h"

// Reserves the region. Called once.
void memory_init(void);

// Sets the address and size of the program's variables. Called once.
void memory_set_variables(char *start, size_t size);

// Begins a run: the heap is empty but for the blocks of memory_keep.
void memory_start(void);

// Keeps the blocks that are allocated now for every run: the program's
// constructors have allocated them, before main.
void memory_keep(void);

// The stack and the thread-local variables of the thread with that number.
char *memory_stack(int thread);
char *memory_storage(int thread, size_t size);

// The shadow cell of an address, or NULL if the address is not the program's.
Cell *memory_cell(const void *address);

// Whether the address lies in an unused part of another thread's stack.
bool memory_is_left(const void *address);

// Returns a new block of the heap, or NULL when the heap is full. A freed block
// is never given out again in the same run.
void *memory_allocate(size_t size, size_t alignment);

// Whether an address lies in the heap, and the size that a block was allocated
// with.
bool memory_is_heap(const void *address);
size_t memory_block_size(const void *block);

// Returns new pages that are all zeros (mmap), or NULL when there are no more.
enum { PAGE = 4096 };
void *memory_map(size_t size);

// Whether the address lies in such a page that was written to in this run.
bool memory_is_touched(const void *address);

// Notes a write to such pages: memory_start makes them zero again.
void memory_touch(const void *address, size_t size);

#endif
