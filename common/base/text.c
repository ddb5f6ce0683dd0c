// Text that grows: the array doubles, so that each byte is copied a constant
// number of times on average. A NUL always stands behind the last byte.
#include "base.h"

#include "text.h"

// Makes room for this many more bytes and a NUL.
static void reserve(Text *text, size_t more)
{
    size_t needed = size_sum(size_sum(text->size, more), 1);
    if (needed <= text->capacity)
        return;
    text->capacity = needed > 2 * text->capacity ? needed : 2 * text->capacity;
    text->at = must_realloc(text->at, text->capacity);
}

void text_add_args(Text *text, const char *format, va_list args)
{
    // Printed twice, first to learn the length: a va_list can be read only
    // once.
    va_list again;
    va_copy(again, args);
    size_t length = must_print(vsnprintf(NULL, 0, format, args), format);
    reserve(text, length);
    must_print(vsnprintf(text->at + text->size, length + 1, format, again),
               format);
    va_end(again);
    text->size += length;
}

void text_add(Text *text, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    text_add_args(text, format, args);
    va_end(args);
}

void text_add_bytes(Text *text, const void *bytes, size_t size)
{
    reserve(text, size);
    if (size > 0)
        memcpy(text->at + text->size, bytes, size);
    text->size += size;
    text->at[text->size] = '\0';
}

void text_free(Text *text)
{
    free(text->at);
    *text = (Text){ 0 };
}
