// memcpy, strlen and other functions of the C library on memory and text.
//
// The C library is not compiled with -fsanitize=thread, so the race detector
// would not see its accesses. Each function here notes the bytes that the real
// one is about to read or write, and then calls that.

#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/shadow.h"
#include "schedule/thread.h"
#include "wrap.h"

void *WRAP(malloc)(size_t size);

void note_read(const void *from, size_t size, const void *place)
{
    if (self != NULL && size > 0)
        shadow_access(from, size, READ, place);
}

void note_write(void *to, size_t size, const void *place)
{
    if (self != NULL && size > 0)
        shadow_overwrite(to, size, place);
}

// The terminating zero is read, too, unless the limit comes first.
void note_text(const char *text, size_t most, const void *place)
{
    if (text == NULL)
        return;
    size_t length = strnlen(text, most);
    note_read(text, length < most ? length + 1 : most, place);
}

void *WRAP(memcpy)(void *to, const void *from, size_t size)
{
    note_read(from, size, CALLER);
    note_write(to, size, CALLER);
    return memcpy(to, from, size);
}

void *WRAP(memmove)(void *to, const void *from, size_t size)
{
    note_read(from, size, CALLER);
    note_write(to, size, CALLER);
    return memmove(to, from, size);
}

void *WRAP(memset)(void *to, int byte, size_t size)
{
    note_write(to, size, CALLER);
    return memset(to, byte, size);
}

// Newer compilers call these names instead, also to copy a struct.
#define ALSO(name, of)                                                         \
    __typeof__(WRAP(of)) name __attribute__((alias("__wrap_" #of)))
ALSO(__tsan_memcpy, memcpy);
ALSO(__tsan_memmove, memmove);
ALSO(__tsan_memset, memset);

int WRAP(memcmp)(const void *one, const void *other, size_t size)
{
    note_read(one, size, CALLER);
    note_read(other, size, CALLER);
    return memcmp(one, other, size);
}

size_t WRAP(strlen)(const char *text)
{
    note_text(text, WHOLE, CALLER);
    return strlen(text);
}

int WRAP(strcmp)(const char *one, const char *other)
{
    note_text(one, WHOLE, CALLER);
    note_text(other, WHOLE, CALLER);
    return strcmp(one, other);
}

int WRAP(strncmp)(const char *one, const char *other, size_t most)
{
    note_text(one, most, CALLER);
    note_text(other, most, CALLER);
    return strncmp(one, other, most);
}

char *WRAP(strcpy)(char *to, const char *from)
{
    note_text(from, WHOLE, CALLER);
    note_write(to, strlen(from) + 1, CALLER);
    return strcpy(to, from);
}

char *WRAP(strncpy)(char *to, const char *from, size_t size)
{
    note_text(from, size, CALLER);
    note_write(to, size, CALLER);
    return strncpy(to, from, size);
}

char *WRAP(strcat)(char *to, const char *from)
{
    note_text(to, WHOLE, CALLER);
    note_text(from, WHOLE, CALLER);
    note_write(to + strlen(to), strlen(from) + 1, CALLER);
    return strcat(to, from);
}

char *WRAP(strchr)(const char *text, int character)
{
    note_text(text, WHOLE, CALLER);
    return strchr(text, character);
}

char *WRAP(strstr)(const char *text, const char *part)
{
    note_text(text, WHOLE, CALLER);
    note_text(part, WHOLE, CALLER);
    return strstr(text, part);
}

char *WRAP(strdup)(const char *text)
{
    note_text(text, WHOLE, CALLER);
    char *copy = WRAP(malloc)(strlen(text) + 1);
    return copy == NULL ? NULL : strcpy(copy, text);
}

int WRAP(atoi)(const char *text)
{
    note_text(text, WHOLE, CALLER);
    return atoi(text);
}

long WRAP(strtol)(const char *text, char **end, int base)
{
    note_text(text, WHOLE, CALLER);
    return strtol(text, end, base);
}

long long WRAP(strtoll)(const char *text, char **end, int base)
{
    note_text(text, WHOLE, CALLER);
    return strtoll(text, end, base);
}

int WRAP(puts)(const char *text)
{
    note_text(text, WHOLE, CALLER);
    return puts(text);
}

int WRAP(fputs)(const char *text, FILE *file)
{
    note_text(text, WHOLE, CALLER);
    return fputs(text, file);
}

size_t WRAP(fwrite)(const void *from, size_t size, size_t count, FILE *file)
{
    note_read(from, size * count, CALLER);
    return fwrite(from, size, count, file);
}
