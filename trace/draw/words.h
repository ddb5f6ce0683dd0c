// What both drawings say of an event, and whom they draw it between.

#ifndef WORDS_H
#define WORDS_H

#include "run.h"

// How many bytes of the text are shown when there is room for so many columns.
// If that is not all of it, there is room for a mark of one column behind.
size_t text_cut(const char *text, size_t columns);

enum { WORDS = 1200 };  // bytes that are enough for words

// What stands on the event's arrow, or beside its lane: a message, "start (with
// port1)", "set balance: 100". What the program says is cut to so many columns,
// at most 200, with `mark` behind.
const char *words_of(const Run *run, size_t event, size_t columns,
                     const char *mark, char words[WORDS]);

// Whom a post that nobody received was for, or 0 if nothing tells.
unsigned addressee_of(const Run *run, size_t post);

// Whether the map is asked something, and not changed.
bool is_question(const Event *map_call);

// The maps of a run, in the order in which they are first used.
typedef struct Maps {
    const char **names;
    size_t count;
} Maps;

Maps maps_of(const Run *run, const size_t *order);

// The map's place among them, from 0.
size_t map_place(Maps maps, const char *name);

#endif
