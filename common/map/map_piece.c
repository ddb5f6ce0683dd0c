#define IN_COMMON
#include "base/names.h"
#include "map_table_internal.h"

uint64_t piece_bytes(uint64_t size)
{
    // More than any table has, if it is more than a Value may have.
    if (size > UINT32_MAX / 2)
        return UINT64_C(1) << 40;
    return sizeof(Piece) + (size + 7) / 8 * sizeof(Word);
}

const Piece *piece_look(const Table *table, uint64_t at, uint64_t *size)
{
    uint64_t offset = at * sizeof(Word);
    if (offset < sizeof *table || offset > table->size - sizeof(Piece))
        return NULL;
    const Piece *piece = piece_at(table, at);
    *size = word_load(&piece->size);
    return *size <= table->size - sizeof(Piece) - offset ? piece : NULL;
}

static uint64_t turn_of(const Piece *piece)
{
    return word_load(&piece->room) & LAST_TURN;
}

uint64_t piece_add(Table *table, const void *bytes, uint64_t size)
{
    table->arena -= piece_bytes(size);
    uint64_t at = table->arena / sizeof(Word);
    uint64_t room = piece_bytes(size) - sizeof(Piece);
    word_store(&piece_at(table, at)->room, room << TURN_BITS);
    piece_write(table, at, bytes, size);
    return at;
}

uint64_t piece_write(Table *table, uint64_t at, const void *bytes,
                     uint64_t size)
{
    Piece *piece = piece_at(table, at);
    uint64_t turn = turn_of(piece) + 1;
    word_store(&piece->room, piece_room(piece) << TURN_BITS | turn);
    word_store(&piece->size, size);
    words_write(piece->bytes, bytes, size);
    return turn;
}

bool piece_takes(const Table *table, uint64_t at, uint64_t size)
{
    const Piece *piece = piece_at(table, at);
    return at != 0 && piece_room(piece) >= size && turn_of(piece) < LAST_TURN;
}
