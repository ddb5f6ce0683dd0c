#include "base/base.h"

#include "map_key.h"

#include "siphash.h"

// Of short keys, which are most of them, the hash is two products. Whoever
// knows the secret factors could make keys that collide, and slow the map down.
// But nobody can learn them: neither a hash nor an order that depends on one is
// ever seen. And without them two keys have the same product by chance alone.
// Long keys are worth SipHash.

static uint64_t fold_product(uint64_t a, uint64_t b)
{
#ifdef __SIZEOF_INT128__
    __extension__ unsigned __int128 product = (unsigned __int128)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
#else
    uint64_t low = (a & UINT32_MAX) * (b & UINT32_MAX);
    uint64_t one = (a >> 32) * (b & UINT32_MAX) + (low >> 32);
    uint64_t other = (a & UINT32_MAX) * (b >> 32) + (one & UINT32_MAX);
    uint64_t high = (a >> 32) * (b >> 32) + (one >> 32) + (other >> 32);
    return (other << 32 | (low & UINT32_MAX)) ^ high;
#endif
}

static uint64_t hash_short(const uint64_t words[KEY_WORDS], size_t size,
                           const Secret *secret)
{
    uint64_t one = words[0] + secret->at[0], other = words[1] + secret->at[1];
    return fold_product(fold_product(one, other) ^ size, secret->at[2]);
}

// The words of 8 to 16 bytes. There is no branch that depends on their number:
// the processor would have to guess it.
static void load_8_to_16(uint64_t words[KEY_WORDS], const unsigned char *bytes,
                         size_t size)
{
    unsigned empty = 8 * (unsigned)(16 - size);  // bits; 64 is too far to shift
    uint64_t last = little_endian(load_word(bytes + size - 8));
    words[0] = load_word(bytes);
    words[1] = little_endian(last >> empty / 2 >> empty / 2);
}

static uint64_t load_up_to_7(const unsigned char *bytes, size_t size)
{
    uint64_t word = 0;
    for (size_t i = 0; i < size; i++)
        word |= (uint64_t)bytes[i] << 8 * i;
    return little_endian(word);
}

void key_init(Key *key, const Secret *secret, const void *bytes, size_t size)
{
    *key = (Key){ .bytes = bytes, .size = size };
    if (size <= SHORT_KEY) {
        if (size >= 8)
            load_8_to_16(key->words, bytes, size);
        else
            key->words[0] = load_up_to_7(bytes, size);
        key->fingerprint =
            fingerprint_of(hash_short(key->words, size, secret), size);
    } else if (size <= UINT32_MAX / 2) {
        key->fingerprint =
            fingerprint_of(siphash(secret->at, bytes, size), LONG_KEY);
    } else {
        key->fingerprint = fingerprint_of(0, NO_KEY);
    }
}
