// Memory of a shared map that is read while others write it.
//
// Who reads a map takes no lock. So everything it may come across is made of
// words of 64 bits, each of them read and written in one piece. Every store
// releases and every load acquires: whoever has seen one word of a writer also
// sees all that this writer did before, when it looks the next time. By that a
// reader learns, at the end, whether what it has read is to be trusted.
//
// Where a change comes true, the store is sequentially consistent, and so are
// all loads: of two threads that each change one key and then read the other's,
// one sees the other's change.

#ifndef ATOMIC_WORDS_H
#define ATOMIC_WORDS_H

#include "base/names.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cache_line.h"

typedef _Atomic uint64_t Word;

static inline uint64_t word_load(const Word *word)
{
    return atomic_load_explicit(word, memory_order_seq_cst);
}

// For what nobody acts on yet.
static inline void word_store(Word *word, uint64_t value)
{
    atomic_store_explicit(word, value, memory_order_release);
}

// For what makes a change come true.
static inline void word_commit(Word *word, uint64_t value)
{
    atomic_store_explicit(word, value, memory_order_seq_cst);
}

// Commits `desired` if *expected is still there; otherwise says what is.
static inline bool word_swap(Word *word, uint64_t *expected, uint64_t desired)
{
    return atomic_compare_exchange_strong_explicit(word, expected, desired,
                                                   memory_order_seq_cst,
                                                   memory_order_seq_cst);
}

// Bytes in words, in their order in memory. The last word is filled up with
// zeros.
void words_write(Word *words, const void *bytes, size_t size);
void words_read(const Word *words, void *bytes, size_t size);
bool words_equal(const Word *words, const void *bytes, size_t size);
void words_clear(Word *words, size_t count);

#endif
