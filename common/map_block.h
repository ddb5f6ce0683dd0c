// The inside of a shared map: a dictionary in one flat block of memory, which
// may be mapped at different addresses. It knows no locks; shared_map.c has one
// around every call.
//
// The block has room for two tables (map_table.h), and one of them is in use.
// When it is full, what is alive moves to the other one, which is made as large
// as it needs to be.
//
// A writer may be killed between any two instructions. So every change is
// prepared where nobody looks, and then comes true with one store of 32 bits.
// What else was half done, block_recover puts in order.

#ifndef MAP_BLOCK_H
#define MAP_BLOCK_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "map_table.h"

// At the start of the block.
typedef struct Block {
    uint64_t hash_key[2];     // of this map alone
    uint64_t table_bytes;     // how large each table may become
    _Atomic uint32_t in_use;  // which table; 0 or 1
} Block;

// Makes an empty map in `size` bytes. Returns false if they are too few.
bool block_init(Block *block, size_t size);

// Puts in order what a killed writer left behind.
void block_recover(Block *block);

// Returns the value, pointing into the block; VALUE_NONE when it is missing.
Value block_get(Block *block, Key key);

// Returns false, and changes nothing, when there is no room.
bool block_set(Block *block, Key key, Value value);

bool block_delete(Block *block, Key key);
void block_clear(Block *block);
size_t block_count(Block *block);

// Gives the first item from *position on and moves *position behind it. Starts
// with 0; returns false at the end.
bool block_next(Block *block, uint32_t *position, Item *item);

#endif
