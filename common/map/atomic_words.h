// Memory of a shared map, which threads read while another one writes it.
//
// A reader of a map takes no lock. So all that it may come across is made of
// atomic words: of 64 bits, or of 32 bits in the index. There is no data race,
// and no word is half written.
//
// - Every store is a release and every load an acquire. A reader that has seen
//   one word of a writer has a happens-before edge to all that the writer did
//   before it, and its next look at a version shows whether to try again.
// - A commit (word_commit, word_swap) is the one store by which a change
//   becomes visible. Commits and loads are sequentially consistent: of two
//   threads that each change one key and then read the other's, at least one
//   sees the other's change. Release and acquire alone do not give that.

#ifndef ATOMIC_WORDS_H
#define ATOMIC_WORDS_H

#include "base/names.h"

#include "base/cache_line.h"

// Also in a struct at a multiple of 8: on 32-bit x86 gcc before version 11 only
// gives it one of 4, and a load from two cache lines is not atomic.
typedef _Atomic uint64_t Word __attribute__((aligned(8)));

static inline uint64_t word_load(const Word *word)
{
    return atomic_load_explicit(word, memory_order_seq_cst);
}

// Prepares: no reader follows this word until a commit publishes it.
static inline void word_store(Word *word, uint64_t value)
{
    atomic_store_explicit(word, value, memory_order_release);
}

// Of the store that commits a change, also when that is a slot (map_index.c).
#define COMMIT_ORDER memory_order_seq_cst

// Commits: the linearization point of a change.
static inline void word_commit(Word *word, uint64_t value)
{
    atomic_store_explicit(word, value, COMMIT_ORDER);
}

// Commits `desired` if the word still is *expected. Otherwise stores the
// word's value there, and returns false.
static inline bool word_swap(Word *word, uint64_t *expected, uint64_t desired)
{
    return atomic_compare_exchange_strong_explicit(word, expected, desired,
                                                   memory_order_seq_cst,
                                                   memory_order_seq_cst);
}

// Bytes in words, in their order in memory; zeros fill the last word up.
void words_write(Word *words, const void *bytes, size_t size);
void words_read(const Word *words, void *bytes, size_t size);
bool words_equal(const Word *words, const void *bytes, size_t size);

#endif
