// A value that threads hand each other: what a task returns, what a map holds.
//
//     Value value = future_await(future);
//     if (value.type == VALUE_INT)
//         printf("%lld\n", value.integer);
//
// A Value is small and is passed by value. Text and bytes stay where they are,
// and a Value only points to them: whoever hands one out says until when it may
// be read, and whoever takes one copies what it keeps.

#ifndef VALUE_H
#define VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "die.h"

struct Text;  // text.h

typedef enum ValueType {
    VALUE_NONE,  // nothing there, JavaScript's undefined
    VALUE_NULL,
    VALUE_BOOL,
    VALUE_INT,
    VALUE_REAL,
    VALUE_TEXT,
    VALUE_BYTES,
    VALUE_ERROR  // a task failed; text says why
} ValueType;

typedef struct Value {
    ValueType type;
    union {
        bool boolean;       // VALUE_BOOL
        long long integer;  // VALUE_INT
        double real;        // VALUE_REAL
        const char *text;   // VALUE_TEXT, VALUE_ERROR: ends with a NUL
        const void *bytes;  // VALUE_BYTES
    };
    size_t size;  // of the text without its NUL, or of the bytes
} Value;

static inline Value value_none(void)
{
    return (Value){ .type = VALUE_NONE };
}

static inline Value value_null(void)
{
    return (Value){ .type = VALUE_NULL };
}

static inline Value value_bool(bool boolean)
{
    return (Value){ .type = VALUE_BOOL, .boolean = boolean };
}

static inline Value value_int(long long integer)
{
    return (Value){ .type = VALUE_INT, .integer = integer };
}

static inline Value value_real(double real)
{
    return (Value){ .type = VALUE_REAL, .real = real };
}

static inline Value value_text(const char *text)
{
    return (Value){ .type = VALUE_TEXT, .text = text, .size = strlen(text) };
}

static inline Value value_bytes(const void *bytes, size_t size)
{
    return (Value){ .type = VALUE_BYTES, .bytes = bytes, .size = size };
}

// Whether the value's text or bytes are pointed to, with their size.
bool value_has_bytes(Value value);

// Frees the text or bytes of a value that is yours. Does nothing for others.
void value_free(Value *value);

// Same type and same content. Reals are compared bit for bit, so that a NaN
// equals itself, and 0.0 does not equal -0.0.
bool value_equal(Value a, Value b);

// Prints the value as Node's console.log shows it inside an object: numbers in
// their shortest exact form, text in quotes, bytes as a Uint8Array of which it
// shows the first hundred. All on one line, however long. As with printf,
// fflush and ferror say whether all of it could be written.
void value_print(Value value, FILE *file);

// Adds to the text what value_print would print.
void value_add_to_text(Value value, struct Text *text);

// The library's own files go without (die.h).
#ifndef IN_COMMON
#define value_print(...)                                                       \
    CALLED_FROM_HERE(value_print, #__VA_ARGS__, __VA_ARGS__)
#define value_add_to_text(...)                                                 \
    CALLED_FROM_HERE(value_add_to_text, #__VA_ARGS__, __VA_ARGS__)
#endif

#endif
