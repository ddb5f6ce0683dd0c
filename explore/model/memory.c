#include "memory.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "fiber.h"
#include "finding.h"
#include "thread.h"
#include "wrap.h"

// One region: stacks, thread-local storage, the heap, and mapped pages.
enum { STORAGE = 64 * 1024, PAGE = 4096, HEADER = 16 };

static const size_t STACKS = (size_t)MAX_THREADS * FIBER_STACK;
static const size_t STORAGES = (size_t)MAX_THREADS * STORAGE;
static const size_t HEAP = (size_t)256 << 20;
static const size_t PAGES = (size_t)1 << 30;

static char *stacks, *storages, *heap, *pages;
static size_t region_size;
static char *variables;
static size_t variables_size;
static Cell *region_cells, *variable_cells;

// A heap that never gives out the same bytes twice in a run, so that each
// use of freed memory is seen.
static size_t heap_used, heap_kept, pages_used;
static char *kept;

static unsigned char *touched;  // one for each of the pages
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

// The lowest page of a stack is out of bounds, as is the end of the heap.
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
        give_up("The program has %zu bytes of thread-local variables; we can "
                "do %d.",
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

// Others' stacks only: our own is in use as we go.
bool memory_is_left(const void *address)
{
    size_t offset = (size_t)((uintptr_t)address - (uintptr_t)stacks);
    if (offset >= STACKS || (int)(offset / FIBER_STACK) == self->id)
        return false;
    const Thread *owner = &threads[offset / FIBER_STACK];
    return owner->state == ENDED ||
           (const char *)address < owner->fiber.deepest;
}

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

// Before each block stands its size.
static void *heap_take(size_t size, size_t alignment)
{
    size_t start = rounded(heap_used + HEADER, alignment);
    if (size > HEAP || start + size > HEAP - PAGE)
        return NULL;
    heap_used = start + rounded(size, 16);
    *(size_t *)(heap + start - HEADER) = size;
    return heap + start;
}

static bool is_ours(const void *block)
{
    return (uintptr_t)block - (uintptr_t)heap < HEAP;
}

static size_t size_of(const void *block)
{
    return *(const size_t *)((const char *)block - HEADER);
}

// Some of the new bytes are set, to show who reads before writing.
void *WRAP(malloc)(size_t size)
{
    void *block = heap_take(size, 16);
    if (block != NULL)
        memset(block, 0xA5, size < 256 ? size : 256);
    return block;
}

void *WRAP(calloc)(size_t count, size_t size)
{
    if (size != 0 && count > HEAP / size)
        return NULL;
    void *block = heap_take(count * size, 16);
    return block == NULL ? NULL : memset(block, 0, count * size);
}

void WRAP(free)(void *block)
{
    if (!is_ours(block)) {
        free(block);
        return;
    }
    if (self == NULL)
        return;
    if (shadow_cell(block)->freed)
        find("double free", CALLER, "%s frees at @ what was freed before.",
             self->name);
    shadow_free(block, size_of(block), CALLER);
}

void *WRAP(realloc)(void *block, size_t size)
{
    if (block == NULL)
        return WRAP(malloc)(size);
    if (!is_ours(block))
        return realloc(block, size);
    void *larger = WRAP(malloc)(size);
    if (larger != NULL) {
        memcpy(larger, block, size < size_of(block) ? size : size_of(block));
        if (self != NULL)
            shadow_free(block, size_of(block), CALLER);
    }
    return larger;
}

void *WRAP(aligned_alloc)(size_t alignment, size_t size)
{
    return heap_take(size, alignment < 16 ? 16 : alignment);
}

int WRAP(posix_memalign)(void **block, size_t alignment, size_t size)
{
    *block = WRAP(aligned_alloc)(alignment, size);
    return *block == NULL ? ENOMEM : 0;
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

// Only the pages that were used: of the others nobody knows anything.
void memory_unmap(void *address, size_t size, const void *place)
{
    size_t offset = (size_t)((char *)address - pages);
    for (size_t at = 0; at < size; at += PAGE)
        if (offset < PAGES && touched[(offset + at) / PAGE])
            shadow_free((char *)address + at, PAGE, place);
}
