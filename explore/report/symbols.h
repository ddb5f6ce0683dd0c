// The names of the program's variables.

#ifndef SYMBOLS_H
#define SYMBOLS_H

#include <stddef.h>

// Says which file has them, and where it lies in memory.
void symbols_init(const char *file, const void *base);

// The variable that an address is in, and how many bytes from its start. NULL
// where there is none, or where more than one has that name. It is a program
// that we call for that, once (nm).
const char *symbol_at(const void *address, size_t *offset);

#endif
