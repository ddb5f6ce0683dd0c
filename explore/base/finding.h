// Findings: a mistake of the program, as one of its runs has shown it.
//
// Every room reports findings, so this file includes no other room. The three
// services that a finding needs from them are functions, which main registers.

#ifndef FINDING_H
#define FINDING_H

#include <stdbool.h>

enum { MAX_PLACES = 34, PLACE_DEPTH = 10 };

// An address in the program's code and the calls that led there, the innermost
// first. Unused entries are NULL.
typedef struct Place {
    const void *calls[PLACE_DEPTH];
} Place;

typedef struct Finding {
    char kind[40];    // "deadlock", "data race"; "" if the run has no finding
    char text[2000];  // each @ in it stands for the next place
    Place places[MAX_PLACES];
    int place_count;
    bool caller_is_last;  // the caller's place comes after those of find_place
} Finding;

// Of the present or last run: the finding that ended it, and the first finding
// that did not.
extern Finding finding, first_finding;

typedef struct FindingHooks {
    // Returns an address in the calling thread, or NULL, with the calls around
    // it.
    Place (*place_here)(const void *address);
    // Called when a finding of this kind ends the program.
    void (*died)(const char *kind);
    // Ends the run, and does not return.
    void (*end_run)(void);
} FindingHooks;

// Registers the hooks. Called once.
void finding_init(FindingHooks hooks);

// Begins a run: there is no finding.
void finding_start(void);

bool is_finding(const Finding *it);

// Ends the run with a finding. "@" in the text stands for a place in the
// program: the first is the calling thread's (a code address, or NULL), the
// next ones are those that find_place added before.
__attribute__((format(printf, 3, 4))) _Noreturn void
find(const char *kind, const void *place, const char *format, ...);

// Adds a place for the next finding.
void find_place(Place place);

// The same as find, but the run goes on. Only the first finding of a run is
// kept.
__attribute__((format(printf, 3, 4))) void
find_and_go_on(const char *kind, const void *place, const char *format, ...);

#endif
