// Converts addresses in the program's code to files and lines.

#ifndef SOURCE_LINES_H
#define SOURCE_LINES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/finding.h"

// Sets the address in memory of the file that the environment variable EXPLORED
// names.
void source_lines_init(const void *base);

// Whether an address is in that file's code.
bool source_lines_has(const void *address);

// Looks up many addresses at once, with the program addr2line.
void source_lines_look_up(const void *const addresses[], size_t count);

// Returns "queue.c:88", or "?" if the line is unknown. Valid until the next
// call of source_lines_look_up.
const char *place_name(const void *address);

// Prints a place: "queue.c:88, from main.c:14".
void place_print(const Place *place, char *text, size_t size);

// Returns the innermost place in the program itself, which is each file that is
// not below a folder called common. "" if there is none.
const char *place_own(const Place *place);

// Copies the text of that line, cut to fit; "" if it cannot be read.
void place_source(const Place *place, char *text, size_t size);

#endif
