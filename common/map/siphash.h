// SipHash-1-3: a hash of bytes under a secret key. Without the key an attacker
// cannot choose keys that collide, and so cannot slow a map down (hash
// flooding).

#ifndef SIPHASH_H
#define SIPHASH_H

#include "base/names.h"

uint64_t siphash(const uint64_t key[2], const void *bytes, size_t size);

// Converts a word between this machine's byte order and lowest byte first.
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

// Up to 7 bytes, the lowest first, and zeros above them.
static inline uint64_t load_rest(const void *bytes, size_t count)
{
    const unsigned char *at = bytes;
    uint64_t word = 0;
    for (size_t i = 0; i < count; i++)
        word |= (uint64_t)at[i] << 8 * i;
    return word;
}

#endif
