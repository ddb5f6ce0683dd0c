// Draws a run in the terminal: a column for each lane, time downwards.

#ifndef LANES_H
#define LANES_H

#include "run.h"

// Returns false when stdout could not be written.
bool lanes_print(const Run *run);

#endif
