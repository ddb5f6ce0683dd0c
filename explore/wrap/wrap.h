// The program's calls of these functions come to us: it is linked with
// --wrap.

#ifndef WRAP_H
#define WRAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WRAP(name) __wrap_##name

// Where in the program we were called from.
#define CALLER ((const char *)__builtin_return_address(0) - 1)

// Plain accesses are points, too.
extern bool plain_points;

// What a function reads and writes that was not compiled with the program. The
// place is the caller's.
void note_read(const void *from, size_t size, const void *place);
void note_write(void *to, size_t size, const void *place);

// The same for a text that is read up to its end, or for `most` bytes.
#define WHOLE ((size_t)PTRDIFF_MAX)
void note_text(const char *text, size_t most, const void *place);

#endif
