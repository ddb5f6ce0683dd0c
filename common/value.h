// A value that threads hand each other: a task returns one, a map holds many.
//
//     Value value = future_await(future);
//     if (value.type == VALUE_INT)
//         printf("%lld\n", value.integer);
//
// A Value is small and is passed by value. Text and bytes stay where they are,
// and a Value only points to them: a call that returns one says until when it
// may be read, and a call that takes one copies the bytes that it keeps.
//
// The library copies a real as its 64 bits. Only on the way to a parameter of
// type double, 32-bit x86 turns a signalling NaN into a quiet NaN (x87).
//
// In a signal handler: all but value_free and value_print may be called.

#ifndef COMMON_VALUE_H
#define COMMON_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "call_site.h"

COMMON_BEGIN_C

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

// As functions that a C++ compiler reads too: without compound literals.

static inline Value value_none(void)
{
    Value value = { VALUE_NONE, { false }, 0 };
    return value;
}

static inline Value value_null(void)
{
    Value value = { VALUE_NULL, { false }, 0 };
    return value;
}

static inline Value value_bool(bool boolean)
{
    Value value = { VALUE_BOOL, { false }, 0 };
    value.boolean = boolean;
    return value;
}

static inline Value value_int(long long integer)
{
    Value value = { VALUE_INT, { false }, 0 };
    value.integer = integer;
    return value;
}

static inline Value value_real(double real)
{
    Value value = { VALUE_REAL, { false }, 0 };
    value.real = real;
    return value;
}

static inline Value value_text(const char *text)
{
    Value value = { VALUE_TEXT, { false }, 0 };
    value.text = text;
    value.size = strlen(text);
    return value;
}

static inline Value value_bytes(const void *bytes, size_t size)
{
    Value value = { VALUE_BYTES, { false }, 0 };
    value.bytes = bytes;
    value.size = size;
    return value;
}

// Whether the value's text or bytes are pointed to, with their size.
bool value_has_bytes(Value value);

// Frees the text or bytes of a value that is yours. Does nothing for other
// types.
void value_free(Value *value);

// Same type and same content. Reals are compared bit for bit, so that a NaN
// equals itself, and 0.0 does not equal -0.0.
bool value_equal(Value a, Value b);

// Prints the value as Node's console.log shows it inside an object: numbers in
// their shortest exact form, text in quotes, bytes as a Uint8Array of which it
// shows the first hundred. In text, control characters and lone surrogates are
// escaped ('\x9B', '\ud800'), and other bytes that are no UTF-8 replaced
// (U+FFFD): no text controls a terminal. All on one line, however long. As with
// printf, fflush and ferror say whether all of it could be written.
void value_print(Value value, FILE *file);

// The library's own files go without (call_site.h).
#ifndef IN_COMMON
#define value_print(...)                                                       \
    COMMON_CALLED_FROM_HERE(value_print, #__VA_ARGS__, __VA_ARGS__)
#endif

COMMON_END_C

#endif
