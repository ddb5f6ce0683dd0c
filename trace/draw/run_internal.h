// The steps of run_read.

#ifndef RUN_INTERNAL_H
#define RUN_INTERNAL_H

#include "run.h"

// Cuts the text of a file into events, and counts the lines that it leaves out.
void run_parse(Run *run, char *text, size_t size);

// Finds the lanes and gives them new numbers.
void run_find_lanes(Run *run);

// Finds the other half of each event.
void run_pair(Run *run);

#endif
