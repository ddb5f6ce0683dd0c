// Runs of the program, one after the other, and what they came to.

#ifndef SEARCH_H
#define SEARCH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/finding.h"

enum { MAX_RESULTS = 64, LONGEST_SCHEDULE = 400 };

// A different output, or a different thing that is wrong.
typedef struct Result {
    char *output;
    Finding finding;                  // of the first such run
    unsigned long count;              // of runs
    char schedule[LONGEST_SCHEDULE];  // "SEED=17" or "SCHEDULE=31.1", the
                                      // first
} Result;

typedef struct Search {
    const char *(*run)(void);       // runs the program: what it printed
    bool (*contention_grew)(void);  // an object is used by a second thread

    int bound;                // at most so many surprises, of all schedules
    double seconds;           // for all
    unsigned long schedules;  // at random, at least
    uint64_t first_seed;
    bool stop_at_finding;

    // What came of it.
    int complete;  // up to so many surprises all were run, or -1
    unsigned long every, of_complete, random, pct;
    Result outputs[MAX_RESULTS], findings[MAX_RESULTS];
    int output_count, finding_count;
    unsigned long other_outputs;
} Search;

void search(Search *search);

// How many points the usual run has: the seeds' changes fall within.
unsigned search_usual_length(const char *(*run)(void));

#endif
