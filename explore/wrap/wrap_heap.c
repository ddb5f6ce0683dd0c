// malloc and its relatives, on the program's own heap (model/memory.h).
//
// The heap is a quarantine: freed memory is marked and never reused in the same
// run, so a use after free or a double free is found even if a real allocator
// had already given the block away. realloc always moves, for the same reason.

#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/finding.h"
#include "model/memory.h"
#include "model/shadow.h"
#include "schedule/thread.h"
#include "wrap.h"

// malloc's memory has no defined contents. The first bytes are filled with
// 0xA5, so that a program which reads before it writes shows a strange value,
// and the same one in every run.
void *WRAP(malloc)(size_t size)
{
    void *block = memory_allocate(size, 16);
    if (block != NULL)
        memset(block, 0xA5, size < 256 ? size : 256);
    return block;
}

void *WRAP(calloc)(size_t count, size_t size)
{
    if (size != 0 && count > SIZE_MAX / size)
        return NULL;
    void *block = memory_allocate(count * size, 16);
    return block == NULL ? NULL : memset(block, 0, count * size);
}

// A block that the C library has allocated itself (getline) is not of this
// heap, and goes back to it. Outside of a run, in a constructor, a free is
// ignored.
void WRAP(free)(void *block)
{
    if (!memory_is_heap(block)) {
        free(block);
        return;
    }
    if (self == NULL)
        return;
    if (shadow_cell(block)->freed)
        find("double free", CALLER,
             "%s frees at @ a block that was freed before.", self->name);
    shadow_free(block, memory_block_size(block), CALLER);
}

void *WRAP(realloc)(void *block, size_t size)
{
    if (block == NULL)
        return WRAP(malloc)(size);
    if (!memory_is_heap(block))
        return realloc(block, size);
    void *larger = WRAP(malloc)(size);
    if (larger != NULL) {
        memcpy(larger, block,
               size < memory_block_size(block) ? size
                                               : memory_block_size(block));
        if (self != NULL)
            shadow_free(block, memory_block_size(block), CALLER);
    }
    return larger;
}

void *WRAP(aligned_alloc)(size_t alignment, size_t size)
{
    return memory_allocate(size, alignment < 16 ? 16 : alignment);
}

int WRAP(posix_memalign)(void **block, size_t alignment, size_t size)
{
    *block = WRAP(aligned_alloc)(alignment, size);
    return *block == NULL ? ENOMEM : 0;
}
