// Maps that are cut off, and maps in which a half of a word, one bit or several
// bits are other ones (map_victims.h).

#include "map_victims.h"

static void try_halves(Victim *victim, size_t i)
{
    const Table *table = &victim->table;
    uint32_t old = victim->halves[i], tag = old & ~table->number_mask;
    const uint32_t halves[] = {
        0,
        1,
        UINT32_MAX,
        INT32_MAX,
        old + 1,
        old - 1,
        old ^ UINT32_C(1) << 31,
        tag,
        tag | (table->count + 1),
        tag | table->count,
        tag | table->most_entries,
        tag | (table->most_entries + 1),
        table->number_mask,
        ~old,
        old << 1,
        old >> 1,
    };
    for (size_t n = 0; n < COUNT(halves); n++)
        try_half(victim, i, halves[n]);
    for (uint32_t number = 1; number <= table->count && number < 16; number++)
        try_half(victim, i, tag | number);
}

static void damage_halves(Victim *victim)
{
    for (size_t i = 0; i < victim->size / 4; i++)
        if (victim->used[i / 2])
            try_halves(victim, i);
}

static void damage_bits(Victim *victim)
{
    for (size_t i = 0; i < victim->size / 8; i++)
        for (int bit = 0; bit < 64 && victim->used[i]; bit++)
            try_word(victim, i, victim->words[i] ^ UINT64_C(1) << bit);
}

// Of each length there are two: of a buffer that is cut off, and of one in
// which the rest was lost.
static void damage_length(Victim *victim)
{
    for (size_t size = 0; size <= victim->size; size++) {
        if (is_next("length", victim, size))
            try_it(victim, size);
        if (is_next("zeros from", victim, size)) {
            memset(victim->bytes + size, 0, victim->size - size);
            try_it(victim, victim->size);
            memcpy(victim->bytes, victim->whole, victim->size);
        }
    }
}

enum { FLIPPED = 4000, MOST_FLIPS = 12 };

// Some bits each time, always the same ones.
static void damage_random(Victim *victim)
{
    uint64_t state = 88172645463325252U + victim->kind;
    for (size_t i = 0; i < FLIPPED; i++) {
        for (size_t flips = i % MOST_FLIPS + 1; flips > 0; flips--) {
            size_t at = random_word(&state) % victim->size;
            if (victim->used[at / 8])
                victim->bytes[at] ^= (char)(1 << random_word(&state) % 8);
        }
        if (is_next("random bits", victim, i))
            try_it(victim, victim->size);
        memcpy(victim->bytes, victim->whole, victim->size);
    }
}

TEST(halves, "each half of a word of a map is another one")
{
    check_damage(damage_halves, 150000);
}

TEST(bits, "each bit of a map is the other one")
{
    check_damage(damage_bits, 180000);
}

TEST(lengths, "a map is cut off, or lost, at every length")
{
    check_damage(damage_length, 140000);
}

TEST(random_bits, "several bits of a map are other ones")
{
    check_damage(damage_random, 7 * 2 * FLIPPED);
}
