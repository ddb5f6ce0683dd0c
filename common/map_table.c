#define IN_COMMON
#include "map_table.h"

#include <string.h>

// An entry has two cells. One holds the value; the next value is written to the
// other, and `state` says which. A text that is overwritten again and again
// takes turns in the bytes that its two cells have in the arena.
typedef struct Cell {
    union {
        uint8_t boolean;
        int64_t integer;
        double real;
        struct {
            uint32_t at;    // offset in the arena
            uint32_t size;  // bytes; room for more may stand before them
        };
    };
} Cell;

struct Entry {
    uint32_t hash;
    uint32_t key;            // offset in the arena
    uint32_t key_size;       // bytes
    _Atomic uint32_t state;  // the types of both cells, and which one counts
    Cell cells[2];
};

// In `state`. All zeros: deleted.
enum { TYPE_BITS = 8, TYPE_MASK = 0xff, WHICH = 1 << 16, ALIVE = 1 << 17 };

typedef struct Slot {
    uint32_t hash;
    uint32_t entry;  // its number and 1; 0: free
} Slot;

enum { LINE = 64, UNIT = 8 };  // bytes; everything starts on one or the other

static size_t round_up(size_t size, size_t unit)
{
    return (size + unit - 1) / unit * unit;
}

// Where things are.

static Slot *slots_of(Table *table)
{
    return (Slot *)((char *)table + round_up(sizeof *table, LINE));
}

static Entry *entry_at(Table *table, uint32_t number)
{
    return (Entry *)(slots_of(table) + table->slots) + number;
}

static char *arena_of(Table *table)
{
    return (char *)entry_at(table, table->entries);
}

static uint64_t table_size(const Table *table)
{
    return round_up(sizeof *table, LINE) +
           (uint64_t)table->slots * sizeof(Slot) +
           (uint64_t)table->entries * sizeof(Entry) + table->arena;
}

// The arena. In front of every piece of bytes stands how many would fit there.

uint64_t table_bytes_for(size_t size)
{
    return round_up(sizeof(uint32_t) + (uint64_t)size, UNIT);
}

static uint32_t *piece_room(Table *table, uint32_t at)
{
    return (uint32_t *)(arena_of(table) + at - sizeof(uint32_t));
}

// There must be room.
static uint32_t arena_add(Table *table, const void *bytes, size_t size)
{
    uint32_t at = table->arena_used + (uint32_t)sizeof(uint32_t);
    table->arena_used += (uint32_t)table_bytes_for(size);
    *piece_room(table, at) =
        (uint32_t)(table_bytes_for(size) - sizeof(uint32_t));
    if (size > 0)
        memcpy(arena_of(table) + at, bytes, size);
    return at;
}

// Entries.

static uint32_t state_of(const Entry *entry)
{
    return atomic_load_explicit(&entry->state, memory_order_acquire);
}

static bool is_alive(const Entry *entry)
{
    return state_of(entry) & ALIVE;
}

static uint32_t which_cell(uint32_t state)
{
    return state & WHICH ? 1 : 0;
}

static ValueType type_of(uint32_t state, uint32_t cell)
{
    return (ValueType)(state >> (cell * TYPE_BITS) & TYPE_MASK);
}

static bool in_arena(ValueType type)
{
    return type == VALUE_TEXT || type == VALUE_BYTES;
}

Value table_value(Table *table, const Entry *entry)
{
    uint32_t state = state_of(entry);
    const Cell *cell = &entry->cells[which_cell(state)];
    Value value = { .type = type_of(state, which_cell(state)) };
    if (in_arena(value.type)) {
        value.bytes = arena_of(table) + cell->at;
        value.size = cell->size;
    } else if (value.type == VALUE_INT) {
        value.integer = cell->integer;
    } else if (value.type == VALUE_REAL) {
        value.real = cell->real;
    } else if (value.type == VALUE_BOOL) {
        value.boolean = cell->boolean;
    }
    return value;
}

static Key key_of(Table *table, const Entry *entry)
{
    return (Key){ arena_of(table) + entry->key, entry->key_size };
}

// Whether bytes of this size fit where the cell, which is not in use, has some.
static bool cell_has_room(Table *table, const Entry *entry, uint32_t cell,
                          size_t size)
{
    return in_arena(type_of(state_of(entry), cell)) &&
           *piece_room(table, entry->cells[cell].at) >= size;
}

static void fill_cell(Table *table, Entry *entry, uint32_t which, Value value)
{
    Cell *cell = &entry->cells[which];
    if (in_arena(value.type)) {
        if (!cell_has_room(table, entry, which, value.size))
            cell->at = arena_add(table, value.bytes, value.size);
        else if (value.size > 0)
            memcpy(arena_of(table) + cell->at, value.bytes, value.size);
        cell->size = (uint32_t)value.size;
    } else if (value.type == VALUE_INT) {
        cell->integer = value.integer;
    } else if (value.type == VALUE_REAL) {
        cell->real = value.real;
    } else if (value.type == VALUE_BOOL) {
        cell->boolean = value.boolean;
    }
}

// There must be room. The store of `state` is what changes the value.
void table_set(Table *table, Entry *entry, Value value)
{
    uint32_t old = state_of(entry);
    uint32_t other = 1 - which_cell(old);
    fill_cell(table, entry, other, value);
    uint32_t kept = old & (uint32_t)TYPE_MASK << (1 - other) * TYPE_BITS;
    uint32_t state = ALIVE | (other ? WHICH : 0) | kept |
                     (uint32_t)value.type << other * TYPE_BITS;
    atomic_store_explicit(&entry->state, state, memory_order_release);
}

// The index.

Entry *table_find(Table *table, Key key, uint32_t hash)
{
    Slot *slots = slots_of(table);
    uint32_t mask = table->slots - 1;
    for (uint32_t i = hash & mask; slots[i].entry; i = (i + 1) & mask) {
        Entry *entry = entry_at(table, slots[i].entry - 1);
        if (slots[i].hash == hash && is_alive(entry) &&
            entry->key_size == key.size &&
            (key.size == 0 ||
             memcmp(arena_of(table) + entry->key, key.bytes, key.size) == 0))
            return entry;
    }
    return NULL;
}

static void index_add(Table *table, uint32_t hash, uint32_t number)
{
    Slot *slots = slots_of(table);
    uint32_t mask = table->slots - 1;
    uint32_t i = hash & mask;
    while (slots[i].entry)
        i = (i + 1) & mask;
    slots[i] = (Slot){ hash, number + 1 };
}

// There must be room. The store of `count` is what adds the entry.
void table_append(Table *table, Key key, uint32_t hash, Value value)
{
    uint32_t number = atomic_load(&table->count);
    Entry *entry = entry_at(table, number);
    entry->hash = hash;
    entry->key = arena_add(table, key.bytes, key.size);
    entry->key_size = (uint32_t)key.size;
    atomic_store_explicit(&entry->state, 0, memory_order_relaxed);
    table_set(table, entry, value);
    atomic_store_explicit(&table->count, number + 1, memory_order_release);
    index_add(table, hash, number);
    table->alive++;
}

void table_delete(Table *table, Entry *entry)
{
    atomic_store_explicit(&entry->state, 0, memory_order_release);
    table->alive--;
}

bool table_next(Table *table, uint32_t *position, Item *item, uint32_t *hash)
{
    while (*position < atomic_load(&table->count)) {
        Entry *entry = entry_at(table, (*position)++);
        if (is_alive(entry)) {
            *item = (Item){ key_of(table, entry), table_value(table, entry) };
            *hash = entry->hash;
            return true;
        }
    }
    return false;
}

void table_recover(Table *table)
{
    table->alive = 0;
    memset(slots_of(table), 0, table->slots * sizeof(Slot));
    for (uint32_t i = 0; i < atomic_load(&table->count); i++) {
        Entry *entry = entry_at(table, i);
        uint32_t state = state_of(entry);
        if (!(state & ALIVE))
            continue;
        uint32_t other = 1 - which_cell(state);
        state &= ~((uint32_t)TYPE_MASK << other * TYPE_BITS);
        atomic_store(&entry->state, state);
        index_add(table, entry->hash, i);
        table->alive++;
    }
}

// Room.

static uint64_t bytes_for_value(Value value)
{
    return in_arena(value.type) ? table_bytes_for(value.size) : 0;
}

uint64_t table_bytes_to_set(Table *table, const Entry *entry, Value value)
{
    uint32_t other = 1 - which_cell(state_of(entry));
    return cell_has_room(table, entry, other, value.size)
               ? 0
               : bytes_for_value(value);
}

uint64_t table_bytes_alive(Table *table)
{
    uint64_t bytes = 0;
    uint32_t position = 0, hash;
    for (Item item; table_next(table, &position, &item, &hash);)
        bytes += table_bytes_for(item.key.size) + bytes_for_value(item.value);
    return bytes;
}

bool table_has_room(const Table *table, uint32_t entries, uint64_t bytes)
{
    return atomic_load(&table->count) + entries <= table->entries &&
           table->arena_used + bytes <= table->arena;
}

bool table_plan(Table *table, uint64_t entries, uint64_t bytes, uint64_t limit)
{
    if (entries > UINT32_MAX / 4 || bytes > UINT32_MAX - UNIT)
        return false;
    uint32_t slots = 2;
    while (slots < 2 * entries)
        slots *= 2;
    *table = (Table){ .slots = slots,
                      .entries = (uint32_t)entries,
                      .arena = (uint32_t)round_up(bytes, UNIT) };
    return table_size(table) <= limit;
}

void table_init(Table *table, const Table *planned)
{
    *table = *planned;
    memset(slots_of(table), 0, table->slots * sizeof(Slot));
}
