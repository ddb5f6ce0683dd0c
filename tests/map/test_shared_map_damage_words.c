// Maps in which one word is another number, leads elsewhere, is another value,
// or is one from another place (map_victims.h).

#include "map_victims.h"

static void try_numbers(Victim *victim, size_t i)
{
    uint64_t old = victim->words[i];
    const uint64_t numbers[] = {
        0,
        1,
        2,
        UINT64_MAX,
        old + 1,
        old - 1,
        old + 8,
        old - 8,
        old + 64,
        old - 64,
        old * 2,
        old / 2,
        old << 8,
        old >> 8,
        INT64_MAX,
        INT64_MIN,
        UINT32_MAX,
        INT32_MAX,
        old + (UINT64_C(1) << 32),
        old - (UINT64_C(1) << 32),
    };
    for (size_t n = 0; n < COUNT(numbers); n++)
        try_word(victim, i, numbers[n]);
}

static void try_places(Victim *victim, size_t i)
{
    for (int p = 0; p < PLACES; p++)
        for (int step = -1; step <= 1; step++) {
            uint64_t at = victim->places[p] + 8 * (uint64_t)(int64_t)step;
            try_word(victim, i, at);
            try_word(victim, i, at / 8);
            try_word(victim, i, at << 8 | (victim->words[i] & 255));
            try_word(victim, i, (victim->words[i] & ~AT_MASK) | at / 8);
            try_word(victim, i, at << VERSION_BITS | 1);
        }
}

// As values, which are masked.
static void try_values(Victim *victim, size_t i)
{
    uint64_t mask = word_load(&victim->table.mask);
    for (uint64_t word = 0; word < 7; word++)
        try_word(victim, i, mask ^ word);
    for (uint64_t type = 0; type < 8; type++)
        try_word(victim, i, mask ^ (type << 48 | 12345));
    for (int type = VALUE_INT; type <= VALUE_BYTES; type++)
        for (int p = 0; p < PLACES; p++)
            for (int step = -1; step <= 1; step++) {
                uint64_t at = victim->places[p] / 8 + (uint64_t)(int64_t)step;
                try_word(victim, i,
                         mask ^
                             word_of_chunk((ValueType)type, 1, at & AT_MASK));
            }
}

static void damage_numbers(Victim *victim)
{
    for (size_t i = 0; i < victim->size / 8; i++)
        if (victim->used[i])
            try_numbers(victim, i);
}

static void damage_places(Victim *victim)
{
    for (size_t i = 0; i < victim->size / 8; i++)
        if (victim->used[i])
            try_places(victim, i);
}

static void damage_values(Victim *victim)
{
    for (size_t i = 0; i < victim->size / 8; i++)
        if (victim->used[i] && 8 * i >= sizeof(SharedMap))
            try_values(victim, i);
}

// Each word for each other one.
static void damage_swapped(Victim *victim)
{
    for (size_t i = 0; i < victim->size / 8; i++)
        for (size_t j = 0; j < victim->size / 8; j += 7)
            if (victim->used[i] && victim->used[j])
                try_word(victim, i, victim->words[j]);
}

TEST(numbers, "each word of a map is another number")
{
    check_damage(damage_numbers, 50000);
}

TEST(places, "each word of a map leads elsewhere")
{
    check_damage(damage_places, 400000);
}

TEST(values, "each word of a map is another value")
{
    check_damage(damage_values, 350000);
}

TEST(swapped, "each word of a map is also where another one was")
{
    check_damage(damage_swapped, 90000);
}
