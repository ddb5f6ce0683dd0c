// The explored program's memory: one reserved region at a fixed address, with a
// shadow cell for each eight bytes.
//
// A run is repeatable only if all addresses are: a program may compare, hash or
// print them. So the heap is a bump allocator with a quarantine that never
// ends: a freed block is not reused in the same run, and each use of freed
// memory hits bytes that are still marked as freed. Between runs the heap is
// reset at once.

#include "memory.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/give_up.h"
#include "schedule/fiber.h"
#include "schedule/thread.h"

// The region's parts in order: stacks, thread-local storage, heap, mapped
// pages. Reserving address space is free; only pages in use cost memory.
enum { STORAGE = 64 * 1024, HEADER = 16 };

static const size_t STACKS = (size_t)MAX_THREADS * FIBER_STACK;
static const size_t STORAGES = (size_t)MAX_THREADS * STORAGE;
static const size_t HEAP = (size_t)256 << 20;
static const size_t PAGES = (size_t)1 << 30;

static char *stacks, *storages, *heap, *pages;
static size_t region_size;
static char *variables;
static size_t variables_size;
static Cell *region_cells, *variable_cells;

// The bump allocators' ends. The first heap_kept bytes were allocated before
// main, and every run begins with the copy of them in `kept`.
static size_t heap_used, heap_kept, pages_used;
static char *kept;

// Mapped pages have to be zero again in the next run. Those that were written
// to are listed, so that clearing costs as much as the run has used.
static unsigned char *touched;  // one flag for each of the pages
static uint32_t *touched_list, touched_count;

static void *reserve(void *hint, size_t size)
{
    void *memory = mmap(hint, size, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED)
        give_up("There is not enough address space: mmap: %s.",
                strerror(errno));
    return memory;
}

// The lowest page of each stack is a guard page: a stack overflow is a crash
// with a place, and does not silently write to the next thread's stack.
void memory_init(void)
{
    region_size = STACKS + STORAGES + HEAP + PAGES;
    stacks = reserve((void *)0x200000000000, region_size);
    storages = stacks + STACKS;
    heap = storages + STORAGES;
    pages = heap + HEAP;
    region_cells = reserve(NULL, region_size / 8 * sizeof(Cell));
    for (int i = 0; i < MAX_THREADS; i++)
        mprotect(memory_stack(i), PAGE, PROT_NONE);
    touched = reserve(NULL, PAGES / PAGE);
    touched_list = reserve(NULL, PAGES / PAGE * sizeof *touched_list);
}

void memory_set_variables(char *start, size_t size)
{
    variables = start;
    variables_size = size;
    variable_cells = reserve(NULL, (size / 8 + 1) * sizeof(Cell));
}

char *memory_stack(int thread)
{
    return stacks + (size_t)thread * FIBER_STACK;
}

char *memory_storage(int thread, size_t size)
{
    if (size > STORAGE)
        give_up("The program has %zu bytes of thread-local variables; explore "
                "supports %d.",
                size, (int)STORAGE);
    return storages + (size_t)thread * STORAGE;
}

Cell *memory_cell(const void *address)
{
    size_t offset = (size_t)((uintptr_t)address - (uintptr_t)stacks);
    if (offset < region_size)
        return &region_cells[offset / 8];
    offset = (size_t)((uintptr_t)address - (uintptr_t)variables);
    return offset < variables_size ? &variable_cells[offset / 8] : NULL;
}

// Below a thread's deepest frame lie the variables of functions that have
// returned. That frame is known only for threads that do not run: the running
// thread's own stack is not checked.
bool memory_is_left(const void *address)
{
    size_t offset = (size_t)((uintptr_t)address - (uintptr_t)stacks);
    if (offset >= STACKS || (int)(offset / FIBER_STACK) == self->id)
        return false;
    const Thread *owner = &threads[offset / FIBER_STACK];
    return owner->state == ENDED ||
           (const char *)address < owner->fiber.deepest;
}

// The heap is not cleared: malloc promises no contents, and calloc clears its
// block itself.
void memory_start(void)
{
    heap_used = heap_kept;
    memcpy(heap, kept, heap_kept);
    pages_used = 0;
    for (; touched_count > 0; touched_count--) {
        uint32_t page = touched_list[touched_count - 1];
        memset(pages + (size_t)page * PAGE, 0, PAGE);
        touched[page] = 0;
    }
}

void memory_keep(void)
{
    heap_kept = heap_used;
    kept = reserve(NULL, heap_kept + 1);
    memcpy(kept, heap, heap_kept);
}

static size_t rounded(size_t size, size_t to)
{
    return (size + to - 1) / to * to;
}

// Each block is preceded by its size. The heap's last page is never given out:
// it separates the heap from the mapped pages behind it.
void *memory_allocate(size_t size, size_t alignment)
{
    size_t start = rounded(heap_used + HEADER, alignment);
    if (size > HEAP || start + size > HEAP - PAGE)
        return NULL;
    heap_used = start + rounded(size, 16);
    *(size_t *)(heap + start - HEADER) = size;
    return heap + start;
}

bool memory_is_heap(const void *address)
{
    return (uintptr_t)address - (uintptr_t)heap < HEAP;
}

size_t memory_block_size(const void *block)
{
    return *(const size_t *)((const char *)block - HEADER);
}

void *memory_map(size_t size)
{
    size = rounded(size, PAGE);
    if (size > PAGES - pages_used)
        return NULL;
    pages_used += size;
    return pages + pages_used - size;
}

void memory_touch(const void *address, size_t size)
{
    size_t offset = (size_t)((uintptr_t)address - (uintptr_t)pages);
    if (offset >= PAGES)
        return;
    for (size_t page = offset / PAGE; page <= (offset + size - 1) / PAGE;
         page++)
        if (!touched[page]) {
            touched[page] = 1;
            touched_list[touched_count++] = (uint32_t)page;
        }
}

bool memory_is_touched(const void *address)
{
    size_t offset = (size_t)((uintptr_t)address - (uintptr_t)pages);
    return offset < PAGES && touched[offset / PAGE];
}
