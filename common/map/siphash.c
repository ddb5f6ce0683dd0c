// SipHash-1-3, after Jean-Philippe Aumasson and Daniel J. Bernstein, "SipHash:
// a fast short-input PRF" (2012): one round for each word of the input and
// three at the end. The paper proposes 2-4. 1-3 is the faster variant that the
// hash tables of Rust and CPython use.
#include "base/base.h"

#include "siphash.h"

typedef struct State {
    uint64_t v0, v1, v2, v3;
} State;

static uint64_t rotate(uint64_t word, int bits)
{
    return word << bits | word >> (64 - bits);
}

// One SipRound.
static void sip_round(State *s)
{
    s->v0 += s->v1;
    s->v2 += s->v3;
    s->v1 = rotate(s->v1, 13) ^ s->v0;
    s->v3 = rotate(s->v3, 16) ^ s->v2;
    s->v0 = rotate(s->v0, 32) + s->v3;
    s->v2 += s->v1;
    s->v3 = rotate(s->v3, 21) ^ s->v0;
    s->v1 = rotate(s->v1, 17) ^ s->v2;
    s->v2 = rotate(s->v2, 32);
}

static void mix(State *s, uint64_t word)
{
    s->v3 ^= word;
    sip_round(s);
    s->v0 ^= word;
}

uint64_t siphash(const uint64_t key[2], const void *bytes, size_t size)
{
    State s = { key[0] ^ UINT64_C(0x736f6d6570736575),
                key[1] ^ UINT64_C(0x646f72616e646f6d),
                key[0] ^ UINT64_C(0x6c7967656e657261),
                key[1] ^ UINT64_C(0x7465646279746573) };
    const unsigned char *at = bytes;
    size_t left = size;
    for (; left >= 8; left -= 8, at += 8)
        mix(&s, little_endian(load_word(at)));
    // The last word holds the rest and, in its highest byte, the size.
    mix(&s, load_rest(at, left) | (uint64_t)size << 56);

    s.v2 ^= 0xff;
    for (int i = 0; i < 3; i++)
        sip_round(&s);
    return s.v0 ^ s.v1 ^ s.v2 ^ s.v3;
}
