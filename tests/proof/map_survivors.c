// The survivors of a crash (map_survivors.h): they take the state of a map,
// compare it with the states before and after, and use the map further.

#include "map_survivors.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "test.h"

char *memory;
SharedMap *tried;
State before, after;
MapEntries *at_first;

void take_picture(Picture picture)
{
    memcpy(picture, memory, MOST_BYTES);
}

void put_back(const Picture picture)
{
    memcpy(memory, picture, MOST_BYTES);
}

static char where[200];

void note(const char *words, const char *how, long point, long count,
          long second)
{
    snprintf(where, sizeof where, "%s, %s %ld of %ld, then at %ld", words, how,
             point, count, second);
}

void expect(bool holds, const char *words)
{
    if (!holds)
        fprintf(stderr, "%s: %s\n", where, words);
    CHECK(holds);
}

void say_that_it_hangs(int signal_number)
{
    (void)signal_number;
    if (write(STDERR_FILENO, where, strlen(where)) > 0 &&
        write(STDERR_FILENO, ": it hangs\n", 11) > 0)
        _exit(EXIT_FAILURE);
    _exit(2);
}

// Entries

static bool has_key(const MapEntry *entry, const MapEntry *wanted)
{
    return entry->key_size == wanted->key_size &&
           memcmp(entry->key, wanted->key, wanted->key_size) == 0;
}

// Looks first where it probably is.
static const MapEntry *entry_of(const MapEntries *entries,
                                const MapEntry *wanted, size_t place)
{
    for (size_t i = 0; i < entries->count; i++) {
        const MapEntry *entry = &entries->at[(place + i) % entries->count];
        if (has_key(entry, wanted))
            return entry;
    }
    return NULL;
}

// The value of this key there, VALUE_NONE if it is missing.
static Value value_in(const MapEntries *entries, const MapEntry *wanted,
                      size_t place)
{
    const MapEntry *entry = entry_of(entries, wanted, place);
    return entry ? entry->value : value_none();
}

static bool is_at(const MapEntries *entries, size_t i, const MapEntry *wanted)
{
    return i < entries->count && has_key(&entries->at[i], wanted) &&
           value_equal(entries->at[i].value, wanted->value);
}

// Whether these are the first of those.
static bool are_first_of(const MapEntries *first, const MapEntries *all)
{
    for (size_t i = 0; i < first->count; i++)
        if (!is_at(all, i, &first->at[i]))
            return false;
    return true;
}

static bool are_those_of(const MapEntries *some, const State *state)
{
    return some->count == state->entries->count &&
           are_first_of(some, state->entries);
}

// The value in the map; yours to free.
static Value get(const MapEntry *entry)
{
    Value value = value_none();
    shared_map_get_n(tried, entry->key, entry->key_size, &value);
    return value;
}

// All ways of looking say the same.
static void check_looks(const MapEntries *entries)
{
    expect(shared_map_size(tried) == entries->count, "the size is wrong");
    for (size_t i = 0; i < entries->count; i++) {
        Value value = get(&entries->at[i]);
        expect(value_equal(value, entries->at[i].value),
               "a key is lost, or its value");
        value_free(&value);
    }
}

// Room

static const char *filler(char key[40], size_t number)
{
    snprintf(key, 40, "filler %zu", number);
    return key;
}

size_t fill(void)
{
    char key[40];
    size_t count = 0;
    while (shared_map_set_int(tried, filler(key, count), (long long)count))
        count++;
    return count;
}

static void drain(size_t count)
{
    char key[40];
    for (size_t i = 0; i < count; i++)
        expect(shared_map_delete(tried, filler(key, i)), "a new key is lost");
}

State state_of_map(void)
{
    Picture picture;
    take_picture(picture);
    State state = { .entries = shared_map_entries(tried) };
    state.room = fill();
    put_back(picture);
    return state;
}

// Survivors

// Looks at each key of both states before anybody takes the lock. A key that
// was being added in an earlier crash may come later, when the map is put in
// order. Returns whether one is as it was to be.
static bool sees_change(const MapEntries *keys)
{
    bool sees = false;
    for (size_t i = 0; i < keys->count; i++) {
        const MapEntry *key = &keys->at[i];
        Value now = get(key);
        bool is_old = value_equal(now, value_in(before.entries, key, i)) ||
                      value_equal(now, value_in(at_first, key, i));
        expect(is_old || value_equal(now, value_in(after.entries, key, i)),
               "a value is neither the old nor the new one");
        sees = sees || !is_old;
        value_free(&now);
    }
    return sees;
}

// Which of the two the map holds.
static const State *state_of_survivors(const MapEntries *now)
{
    if (are_those_of(now, &after))
        return &after;
    expect(are_those_of(now, &before),
           "the map is neither as before nor as it was to be");
    return &before;
}

void check_survivors(void)
{
    bool sees_old_keys = sees_change(before.entries);
    bool sees = sees_change(after.entries) || sees_old_keys;
    MapEntries *now = shared_map_entries(tried);
    const State *state = state_of_survivors(now);
    expect(!sees || are_those_of(now, &after),
           "what was there to be seen is gone again");
    check_looks(state->entries);
    free(now);
}

void check_room(void)
{
    MapEntries *now = shared_map_entries(tried);
    // After crashes that were undone, in another order.
    size_t expected = are_those_of(now, &after) ? after.room : before.room;
    size_t room = fill();
    if (room != expected)
        fprintf(stderr, "room for %zu keys, not %zu\n", room, expected);
    expect(room == expected, "there is not as much room as before");
    MapEntries *full = shared_map_entries(tried);
    expect(full->count == now->count + room && are_first_of(now, full),
           "a key is lost as the map gets full");
    check_looks(full);
    drain(room);
    check_looks(now);
    free(full);
    free(now);
}

// A text may need the room of the old one.
static void restore(const MapEntry *entry)
{
    if (shared_map_set_n(tried, entry->key, entry->key_size, entry->value))
        return;
    shared_map_delete_n(tried, entry->key, entry->key_size);
    expect(shared_map_set_n(tried, entry->key, entry->key_size, entry->value),
           "there is no room for what was there before");
}

void undo(void)
{
    MapEntries *now = shared_map_entries(tried);
    for (size_t i = 0; i < now->count; i++)
        if (!entry_of(before.entries, &now->at[i], i))
            shared_map_delete_n(tried, now->at[i].key, now->at[i].key_size);
    for (size_t i = 0; i < before.entries->count; i++) {
        const MapEntry *entry = &before.entries->at[i];
        if (!value_equal(value_in(now, entry, i), entry->value))
            restore(entry);
    }
    free(now);
}
