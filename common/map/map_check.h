// Whether a block of memory from elsewhere holds a map that can be trusted:
// everything that the calls of a map follow or count on is looked at once.
//
// What it costs: as long as it takes to look at all keys, and a bit of memory
// for each word of one table.

#ifndef MAP_CHECK_H
#define MAP_CHECK_H

#include "base/names.h"

#include <stdbool.h>
#include <stddef.h>

#include "map_block.h"

// Whether the sizes are those of a block of so many bytes. They never change,
// so this takes no lock.
bool block_has_sizes(const Block *block, size_t size);

// A bit for each word of a table, which is how many of these.
typedef unsigned char Mark;
size_t block_marks(const Block *block);

// Whether all else is sound. Needs the sizes, the lock, and marks that are all
// zeros. `left` says that the last one who had the lock may be gone: then what
// that one may have left half done is put in order first.
bool block_is_sound(Block *block, bool left, Mark *marks) REQUIRES(block->lock);

#endif
