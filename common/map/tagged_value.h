// An entry's word: a value and its type in 64 bits (NaN boxing, as in the
// engines of JavaScript). Most numbers, booleans and null lie in the word
// itself; for other values it says where they are. The highest 16 bits:
//
//     0              0: the key is deleted; 1: the map is frozen (see
//                    map_block.h); 2, 3, 4: null, false, true
//     1              an integer of 48 bits
//     2              a value in a chunk of the arena
//     7 and more     a real: its bits, plus 7 in these 16
//
// The arena holds texts, bytes, longer integers, and the NaNs whose bits leave
// no room for the 7. Words with a chunk contain the chunk's version: the count
// of writes to it. So no such word comes twice, and a reader that finds the
// same word before and after it reads a chunk has read that word's value.
//
// Two words without a chunk are equal exactly when their values are.

#ifndef TAGGED_VALUE_H
#define TAGGED_VALUE_H

#include "base/names.h"

#include "value.h"

#define WORD_DELETED UINT64_C(0)
#define WORD_FROZEN UINT64_C(1)
#define WORD_NULL UINT64_C(2)
#define WORD_FALSE UINT64_C(3)
#define WORD_TRUE UINT64_C(4)
#define WORD_INT (UINT64_C(1) << 48)
#define WORD_CHUNK (UINT64_C(2) << 48)
#define WORD_REAL (UINT64_C(7) << 48)

// The fields of a word with a chunk: the type less VALUE_INT, the version of
// the chunk, and its offset in the table, in words.
enum {
    AT_BITS = 29,
    VERSION_BITS = 17,
    LAST_VERSION = (1 << VERSION_BITS) - 1,
    TYPE_SHIFT = AT_BITS + VERSION_BITS,
};
#define AT_MASK ((UINT64_C(1) << AT_BITS) - 1)

// A number of this type.
static inline Value value_of_bits(ValueType type, uint64_t bits)
{
    Value value = { .type = type };
    memcpy(&value.integer, &bits, sizeof bits);
    return value;
}

// Stores the value's word in *word. Returns false if the value needs a chunk.
static inline bool word_of(Value value, uint64_t *word)
{
    const uint64_t half = UINT64_C(1) << 47;
    uint64_t bits;
    switch (value.type) {
    case VALUE_INT:
        bits = (uint64_t)value.integer + half;
        *word = WORD_INT + bits;
        return bits < 2 * half;
    case VALUE_REAL:
        memcpy(&bits, &value.real, sizeof bits);
        *word = WORD_REAL + bits;
        return bits <= UINT64_MAX - WORD_REAL;
    case VALUE_BOOL:
        *word = value.boolean ? WORD_TRUE : WORD_FALSE;
        return true;
    case VALUE_NULL:
        *word = WORD_NULL;
        return true;
    default:
        return false;
    }
}

static inline bool word_has_int(uint64_t word)
{
    return word >> 48 == WORD_INT >> 48;
}

static inline bool word_has_chunk(uint64_t word)
{
    return word >> 48 == WORD_CHUNK >> 48;
}

// The value of a word without a chunk.
static inline Value word_value(uint64_t word)
{
    if (word_has_int(word))
        return value_int((long long)(word - WORD_INT) - (1LL << 47));
    if (word >= WORD_REAL)
        return value_of_bits(VALUE_REAL, word - WORD_REAL);
    if (word == WORD_DELETED)
        return value_none();
    return word == WORD_NULL ? value_null() : value_bool(word == WORD_TRUE);
}

// Words with a chunk.

static inline uint64_t word_of_chunk(ValueType type, uint64_t version,
                                     uint64_t at)
{
    return WORD_CHUNK | (uint64_t)(type - VALUE_INT) << TYPE_SHIFT |
           version << AT_BITS | at;
}

static inline ValueType word_chunk_type(uint64_t word)
{
    return (ValueType)(VALUE_INT + (word >> TYPE_SHIFT & 3));
}

// The type of any word's value.
static inline ValueType word_type(uint64_t word)
{
    return word_has_chunk(word) ? word_chunk_type(word) : word_value(word).type;
}

static inline uint64_t word_at(uint64_t word)
{
    return word & AT_MASK;
}

#endif
