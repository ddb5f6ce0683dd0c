// Stateless model checking: runs of the program, one after the other, each with
// another schedule, and the different results that they gave.

#ifndef SEARCH_H
#define SEARCH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/finding.h"

enum { MAX_RESULTS = 64, LONGEST_SCHEDULE = 400 };

// One of the different outputs, or one of the different findings.
typedef struct Result {
    char *output;
    Finding finding;                  // of the first such run
    unsigned long count;              // number of runs that gave it
    char schedule[LONGEST_SCHEDULE];  // "SEED=17" or "SCHEDULE=31.1" of the
                                      // first such run
} Result;

typedef struct Search {
    const char *(*run)(void);       // runs the program, returns its output
    bool (*contention_grew)(void);  // an object became contended

    int bound;                // the context bound: surprises in a run
    double seconds;           // for the whole search
    unsigned long schedules;  // the least number of random and PCT runs
    uint64_t first_seed;
    bool stop_at_finding;

    // The results.
    int complete;  // the highest bound of which all runs were made, or -1
    unsigned long every, of_complete, random, pct;
    Result outputs[MAX_RESULTS], findings[MAX_RESULTS];
    int output_count, finding_count;
    unsigned long other_outputs;
} Search;

// Searches until the bound is complete or the time is over, with random and PCT
// runs in the rest of the time where the bound was not completed.
void search(Search *search);

// Runs the program without a surprise. Returns the number of its points: a
// seed's changes lie among these.
unsigned search_usual_length(const char *(*run)(void));

#endif
