// Hashes keys under the map's secret, so that an attacker cannot choose keys
// that collide (hash flooding). Long keys get SipHash. Short keys, which are
// most of them, get two folded products of 64 bits, which take a few cycles. A
// reader of the secret could make such products collide. But no call ever shows
// a hash, or an order that depends on one, and without the secret two keys have
// the same product by chance alone.
#include "base/base.h"

#include "map_key.h"

#include "siphash.h"

// The product of 128 bits, its upper half XORed into its lower one.
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

static void load_short(uint64_t words[KEY_WORDS], const unsigned char *bytes,
                       size_t size)
{
    if (size < 8) {
        words[0] = little_endian(load_rest(bytes, size));
        return;
    }
    // No branch depends on the size: the processor would have to guess it. A
    // shift by 64 is undefined, so there are two.
    unsigned empty = 8 * (unsigned)(16 - size);  // bits
    uint64_t last = little_endian(load_word(bytes + size - 8));
    words[0] = load_word(bytes);
    words[1] = little_endian(last >> empty / 2 >> empty / 2);
}

void key_init(Key *key, const Secret *secret, const void *bytes, size_t size)
{
    *key = (Key){ .bytes = bytes, .size = size };
    if (size <= SHORT_KEY) {
        load_short(key->words, bytes, size);
        uint64_t product = fold_product(key->words[0] + secret->at[0],
                                        key->words[1] + secret->at[1]);
        key->fingerprint =
            fingerprint_of(fold_product(product ^ size, secret->at[2]), size);
    } else if (size <= UINT32_MAX / 2) {
        key->fingerprint =
            fingerprint_of(siphash(secret->at, bytes, size), LONG_KEY);
    } else {
        key->fingerprint = fingerprint_of(0, NO_KEY);
    }
}
