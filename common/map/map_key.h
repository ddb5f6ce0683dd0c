// A key of a shared map, made ready for a lookup.

#ifndef MAP_KEY_H
#define MAP_KEY_H

#include "base/names.h"

#include "tagged_value.h"

// Keys of up to 16 bytes lie in their entries, longer ones in the arena.
enum { SHORT_KEY = 16, KEY_WORDS = SHORT_KEY / 8 };

// The secret numbers of a map, under which its keys are hashed.
typedef struct Secret {
    uint64_t at[3];
} Secret;

// The fingerprint of an entry, from the highest bits down: the hash of its key;
// the key's size, or LONG_KEY; and the offset of the entry's spare chunk.
enum {
    SIZE_BITS = 5,
    HASH_SHIFT = AT_BITS + SIZE_BITS,
    LONG_KEY = SHORT_KEY + 1,
    NO_KEY  // matches no entry
};

typedef struct Key {
    const void *bytes;
    size_t size;
    uint64_t fingerprint;       // without a chunk
    uint64_t words[KEY_WORDS];  // the bytes of a short key, then zeros
} Key;

// Does not read the bytes of a key that is larger than any map: its fingerprint
// is that of no entry.
void key_init(Key *key, const Secret *secret, const void *bytes, size_t size);

static inline uint64_t fingerprint_of(uint64_t hash, uint64_t size)
{
    return hash >> HASH_SHIFT << HASH_SHIFT | size << AT_BITS;
}

static inline uint32_t fingerprint_hash(uint64_t fingerprint)
{
    return (uint32_t)(fingerprint >> HASH_SHIFT);
}

static inline uint64_t fingerprint_size(uint64_t fingerprint)
{
    return fingerprint >> AT_BITS & ((1 << SIZE_BITS) - 1);
}

#endif
