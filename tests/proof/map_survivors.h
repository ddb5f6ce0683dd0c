// The contents of a map before and after a change; the survivors of a crash in
// the middle must find one of the two. The map lies in shared memory, of which
// pictures are taken and put back: so each crash begins at the same place. A
// mutex that is free, or held by a dead process, can be put back too.

#ifndef MAP_SURVIVORS_H
#define MAP_SURVIVORS_H

#include <stdbool.h>
#include <stddef.h>

#include "shared_map.h"

enum { MOST_BYTES = 32 * 1024 };

typedef char Picture[MOST_BYTES];

typedef struct State {
    MapEntries *entries;
    size_t room;  // how many keys can be added
} State;

extern char *memory;          // of the map
extern SharedMap *tried;      // that is tried
extern State before, after;   // the change
extern MapEntries *at_first;  // before any

void take_picture(Picture picture);
void put_back(const Picture picture);

// The contents of the map now.
State state_of_map(void);

// The map is as it was before, or as it was to be, and every look at it says
// so.
void check_survivors(void);

// It takes as many keys as it did before, or as it was to do, and gives them up
// again.
void check_room(void);

// Adds keys until no more can be added. Returns how many.
size_t fill(void);

// Makes the map hold again what it held before, in some order.
void undo(void);

// Notes the case that is tried, for the message of a failure.
void note(const char *words, const char *how, long point, long count,
          long second);

// Like CHECK, but says also what was tried.
void expect(bool holds, const char *words);

// A handler of SIGALRM, for what takes too long.
void say_that_it_hangs(int signal_number);

#endif
