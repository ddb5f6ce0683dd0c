// The names of the program's variables.

#ifndef SYMBOLS_H
#define SYMBOLS_H

#include <stddef.h>

// Sets the address in memory of the file that the environment variable EXPLORED
// names.
void symbols_init(const void *base);

// Returns the name of the variable that contains the address, and sets *offset
// to the bytes from its start. Returns NULL if there is none, or if several
// variables have that name. Calls the program nm, once.
const char *symbol_at(const void *address, size_t *offset);

#endif
