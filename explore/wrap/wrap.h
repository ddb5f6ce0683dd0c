// Interposition: the program is linked with --wrap for these functions, so its
// call of malloc, for example, is a call of WRAP(malloc) here.

#ifndef WRAP_H
#define WRAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WRAP(name) __wrap_##name

// The address in the program from which the wrapped function was called.
#define CALLER ((const char *)__builtin_return_address(0) - 1)

// With this set plain accesses are scheduling points, too.
extern bool plain_points;

// Note memory that a function of the C library reads or writes: it was not
// compiled with -fsanitize=thread. The place is the caller's.
void note_read(const void *from, size_t size, const void *place);
void note_write(void *to, size_t size, const void *place);

// The same for a text that is read up to its end, or for at most `most` bytes.
#define WHOLE ((size_t)PTRDIFF_MAX)
void note_text(const char *text, size_t most, const void *place);

#endif
