// What is wrong with the program, as one of its runs has shown.

#ifndef FINDING_H
#define FINDING_H

#include <stdbool.h>

#include "source_lines.h"

enum { MAX_PLACES = 34 };

// What a run came to.
typedef struct Finding {
    char kind[40];    // "" where nothing is wrong
    char text[2000];  // each @ in it stands for the next place
    Place places[MAX_PLACES];
    int place_count;
    bool caller_is_last;  // its place comes after those of find_place
} Finding;

// Of the run that is going on, or was the last: what ended it, and what was
// wrong before and did not.
extern Finding finding, first_finding;

// Ends the run with something that is wrong. "@" in the text stands for a
// place in the program: the first for where the calling thread is (an
// address there, or NULL), the others for those that find_place added
// before.
__attribute__((format(printf, 3, 4))) _Noreturn void
find(const char *kind, const void *place, const char *format, ...);

void find_place(const void *place);

// The same, but the run goes on, and only the first one of a run is kept.
__attribute__((format(printf, 3, 4))) void
find_and_go_on(const char *kind, const void *place, const char *format, ...);

// Ends the run in which no thread can go on. With all of them ended it is
// over.
_Noreturn void find_deadlock(void);

// Ends the run as the program wished: a status other than 0 is a finding.
_Noreturn void find_exit(int status);

// Says that we cannot do what the program needs, and ends the whole search.
__attribute__((format(printf, 1, 2))) _Noreturn void give_up(const char *format,
                                                             ...);

#endif
