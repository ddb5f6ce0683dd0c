// The words of an event in both drawings, and the lanes between which it is
// drawn.

#ifndef WORDS_H
#define WORDS_H

#include "run.h"

// The bytes of the text that fit into that many columns. If the text is longer,
// one column is left for a mark behind it.
size_t text_cut(const char *text, size_t columns);

enum { WORDS = 1200 };  // bytes that are enough for words

// The words on the event's arrow, or beside its lane: a message, "start (with
// port1)", "set balance: 100". Texts of the program are cut to that many
// columns, at most 200, with `mark` behind.
const char *words_of(const Run *run, size_t event, size_t columns,
                     const char *mark, char words[WORDS]);

// The lane that a lost post was meant for, or 0 if that is unknown.
unsigned addressee_of(const Run *run, size_t post);

// Whether the call reads the map and does not change it.
bool is_question(const Event *map_call);

// The maps of a run, in the order in which they are first used.
typedef struct Maps {
    const char **names;
    size_t count;
} Maps;

Maps maps_of(const Run *run, const size_t *order);

// The map's index in the list, from 0; maps.count if it is not in it.
size_t map_place(Maps maps, const char *name);

#endif
