// Bytes to and from atomic words, eight at a time. A copy is not atomic as a
// whole: a reader's copy is valid only if the version it began with is still
// there afterwards (a seqlock's rule; see map_block.c). Words that are read too
// early are torn between two values, but never a data race.
#include "base/base.h"

#include "atomic_words.h"

#include "siphash.h"

void words_write(Word *words, const void *bytes, size_t size)
{
    const char *from = bytes;
    for (; size >= sizeof(Word); size -= sizeof(Word), from += sizeof(Word))
        word_store(words++, load_word(from));
    if (size > 0)
        word_store(words, little_endian(load_rest(from, size)));
}

void words_read(const Word *words, void *bytes, size_t size)
{
    char *to = bytes;
    for (; size >= sizeof(Word); size -= sizeof(Word), to += sizeof(Word)) {
        uint64_t word = word_load(words++);
        memcpy(to, &word, sizeof(Word));
    }
    if (size > 0) {
        uint64_t word = word_load(words);
        memcpy(to, &word, size);
    }
}

// For the bytes of keys: no thread changes a key, so a difference is final. In
// a table that was started again meanwhile the result may be wrong either way,
// and block_look finds that out.
bool words_equal(const Word *words, const void *bytes, size_t size)
{
    const char *other = bytes;
    for (; size > 0; words++) {
        size_t part = size < sizeof(Word) ? size : sizeof(Word);
        uint64_t word = word_load(words);
        if (memcmp(&word, other, part) != 0)
            return false;
        other += part;
        size -= part;
    }
    return true;
}
