// From addresses in the program's code to files and lines.

#ifndef SOURCE_LINES_H
#define SOURCE_LINES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/finding.h"

// Says which file the addresses are in, and where it lies in memory.
void source_lines_init(const char *file, const void *base);

// Says whether an address is in that file's code.
bool source_lines_has(const void *address);

// Looks up many addresses at once: it is a program that we call
// (addr2line).
void source_lines_look_up(const void *const addresses[], size_t count);

// "queue.c:88", or "?" where that is not known. Valid until the
// next call of source_lines_look_up.
const char *place_name(const void *address);

// Prints a place: "queue.c:88, from main.c:14".
void place_print(const Place *place, char *text, size_t size);

// The innermost place in a file that is not below a folder called common:
// in the program itself. "" where there is none.
const char *place_own(const Place *place);

// What is written in that line, as much as there is room for; "" where it
// cannot be read.
void place_source(const Place *place, char *text, size_t size);

#endif
