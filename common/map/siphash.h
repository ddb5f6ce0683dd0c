// SipHash-1-3: a hash of bytes under a secret key. Whoever does not know the
// key cannot find keys that collide, so nobody can slow a map down by choice of
// its keys.

#ifndef SIPHASH_H
#define SIPHASH_H

#include "base/names.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

uint64_t siphash(const uint64_t key[2], const void *bytes, size_t size);

// Changes a word between the order of bytes of this machine and that with the
// lowest byte first.
static inline uint64_t little_endian(uint64_t word)
{
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    return __builtin_bswap64(word);
#else
    return word;
#endif
}

// Eight bytes in this machine's order.
static inline uint64_t load_word(const void *bytes)
{
    uint64_t word;
    memcpy(&word, bytes, sizeof word);
    return word;
}

#endif
