// The word of an entry says what its value is. Most numbers, booleans and null
// lie in it themselves, as in JavaScript's engines; of other values it says
// where they are. Its highest 16 bits:
//
//     0              0: the key is deleted; 1: the map is frozen (see
//                    map_block.h); 2, 3, 4: null, false, true
//     1              an integer of 48 bits
//     2              a value in a chunk of the arena
//     7 and more     a real: its bits, and 7 added up here
//
// In the arena are texts, bytes, longer integers, and NaNs with bits that leave
// no room for the 7. Their words count how often the chunk has been written,
// and so none of them comes twice: who reads the same word before a chunk and
// after it knows that what it read in between belongs to that word.
//
// Two words without a chunk are the same just when their values are.

#ifndef TAGGED_VALUE_H
#define TAGGED_VALUE_H

#include "base/names.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "value.h"

#define WORD_DELETED UINT64_C(0)
#define WORD_FROZEN UINT64_C(1)
#define WORD_NULL UINT64_C(2)
#define WORD_FALSE UINT64_C(3)
#define WORD_TRUE UINT64_C(4)
#define WORD_INT (UINT64_C(1) << 48)
#define WORD_PIECE (UINT64_C(2) << 48)
#define WORD_REAL (UINT64_C(7) << 48)

// In a word with a chunk: how much above VALUE_INT the type is, which version
// of the chunk, and where that is, in words from the start of the table.
enum {
    AT_BITS = 29,
    VERSION_BITS = 17,
    LAST_VERSION = (1 << VERSION_BITS) - 1,
    TYPE_SHIFT = AT_BITS + VERSION_BITS,
};
#define AT_MASK ((UINT64_C(1) << AT_BITS) - 1)

static inline uint64_t bits_of_real(double real)
{
    uint64_t bits;
    memcpy(&bits, &real, sizeof bits);
    return bits;
}

// A number of this type.
static inline Value value_of_bits(ValueType type, uint64_t bits)
{
    Value value = { .type = type };
    memcpy(&value.integer, &bits, sizeof bits);
    return value;
}

// Gives the value's word if that is all it takes.
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
        bits = bits_of_real(value.real);
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
    return word >> 48 == WORD_PIECE >> 48;
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
    return WORD_PIECE | (uint64_t)(type - VALUE_INT) << TYPE_SHIFT |
           version << AT_BITS | at;
}

static inline ValueType word_chunk_type(uint64_t word)
{
    return (ValueType)(VALUE_INT + (word >> TYPE_SHIFT & 3));
}

// Of any word.
static inline ValueType word_type(uint64_t word)
{
    return word_has_chunk(word) ? word_chunk_type(word) : word_value(word).type;
}

static inline uint64_t word_at(uint64_t word)
{
    return word & AT_MASK;
}

#endif
