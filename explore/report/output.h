// What the program prints, of each run by itself.

#ifndef OUTPUT_H
#define OUTPUT_H

#include <stdio.h>

// From now on what is printed to stdout and stderr is kept, and report is
// where we print ourselves. give_up gets the real stderr back.
void output_init(void);
extern FILE *report;

// Between the two the program runs. Returns what it has printed, valid
// until the next run.
void output_start(void);
const char *output_end(void);

#endif
