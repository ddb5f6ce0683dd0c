#include "base/base.h"
#include "map_table_internal.h"

uint64_t chunk_bytes(uint64_t size)
{
    // More than any table has, if it is more than a Value may have.
    if (size > UINT32_MAX / 2)
        return UINT64_C(1) << 40;
    return sizeof(Chunk) + (size + 7) / 8 * sizeof(Word);
}

const Chunk *chunk_look(const Table *table, uint64_t at, uint64_t *size)
{
    uint64_t offset = at * sizeof(Word);
    if (offset < sizeof *table || offset > table->size - sizeof(Chunk))
        return NULL;
    const Chunk *chunk = chunk_at(table, at);
    *size = word_load(&chunk->size);
    return *size <= table->size - sizeof(Chunk) - offset ? chunk : NULL;
}

static uint64_t version_of(const Chunk *chunk)
{
    return word_load(&chunk->room) & LAST_VERSION;
}

uint64_t chunk_add(Table *table, const void *bytes, uint64_t size)
{
    table->arena -= chunk_bytes(size);
    uint64_t at = table->arena / sizeof(Word);
    uint64_t room = chunk_bytes(size) - sizeof(Chunk);
    word_store(&chunk_at(table, at)->room, room << VERSION_BITS);
    chunk_write(table, at, bytes, size);
    return at;
}

uint64_t chunk_write(Table *table, uint64_t at, const void *bytes,
                     uint64_t size)
{
    Chunk *chunk = chunk_at(table, at);
    uint64_t version = version_of(chunk) + 1;
    word_store(&chunk->room, chunk_room(chunk) << VERSION_BITS | version);
    word_store(&chunk->size, size);
    words_write(chunk->bytes, bytes, size);
    return version;
}

bool chunk_takes(const Table *table, uint64_t at, uint64_t size)
{
    const Chunk *chunk = chunk_at(table, at);
    return at != 0 && chunk_room(chunk) >= size &&
           version_of(chunk) < LAST_VERSION;
}
