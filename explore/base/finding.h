// What is wrong with the program, as one of its runs has shown.
//
// Every room reports findings, so this file includes no other one of ours: the
// three things that a finding needs of the rooms are functions, which main
// registers.

#ifndef FINDING_H
#define FINDING_H

#include <stdbool.h>

enum { MAX_PLACES = 34, PLACE_DEPTH = 10 };

// An address in the program's code and the calls that led there, the innermost
// first; unused ones are NULL.
typedef struct Place {
    const void *calls[PLACE_DEPTH];
} Place;

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

typedef struct FindingHooks {
    // The address in the calling thread, or NULL, with the calls around it.
    Place (*place_here)(const void *address);
    // The program dies of this kind of finding.
    void (*died)(const char *kind);
    // Ends the run, and does not return.
    void (*end_run)(void);
} FindingHooks;

// Once.
void finding_init(FindingHooks hooks);

// Begins a run: nothing is wrong.
void finding_start(void);

bool is_finding(const Finding *it);

// Ends the run with something that is wrong. "@" in the text stands for a
// place in the program: the first for where the calling thread is (an
// address there, or NULL), the others for those that find_place added
// before.
__attribute__((format(printf, 3, 4))) _Noreturn void
find(const char *kind, const void *place, const char *format, ...);

void find_place(Place place);

// The same, but the run goes on, and only the first one of a run is kept.
__attribute__((format(printf, 3, 4))) void
find_and_go_on(const char *kind, const void *place, const char *format, ...);

#endif
