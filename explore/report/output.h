// The program's output, captured for each run by itself.

#ifndef OUTPUT_H
#define OUTPUT_H

#include <stdio.h>

// Redirects stdout and stderr into memory. The tool's own output goes to
// `report`, and give_up prints to the real stderr. Called once.
void output_init(void);
extern FILE *report;

// The program runs between the two calls. output_end returns its output, valid
// until the next run.
void output_start(void);
const char *output_end(void);

#endif
