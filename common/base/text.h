// Text that grows as it is written, for what is printed piece by piece.
//
//     Text text = { 0 };
//     text_add(&text, "%d", 1);
//     fwrite(text.at, 1, text.size, stdout);
//     text_free(&text);
//
// All zeros is an empty text. A Text belongs to one thread.

#ifndef TEXT_H
#define TEXT_H

#include "names.h"

#include <stdarg.h>

#include "value.h"

typedef struct Text {
    char *at;         // NULL until something is added, then ends with a NUL
    size_t size;      // bytes, without the NUL
    size_t capacity;  // bytes, with the NUL
} Text;

// Adds what printf would print.
void text_add(Text *text, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void text_add_args(Text *text, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));

// Adds the bytes as they are.
void text_add_bytes(Text *text, const void *bytes, size_t size);

// Adds what value_print would print.
void value_add_to_text(Value value, Text *text);

void text_free(Text *text);

#endif
