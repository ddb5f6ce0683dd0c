// The calls for memory, for files and for printing, which can be made to fail.
#include "fail_internal.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

REAL(void *, malloc, size_t size);
REAL(void *, calloc, size_t count, size_t size);
REAL(void *, realloc, void *block, size_t size);
REAL(void *, aligned_alloc, size_t alignment, size_t size);
REAL(void, free, void *block);

void *__wrap_malloc(size_t size)
{
    return fails_for(FAULT_MALLOC, size)
               ? NULL
               : enter_block(__real_malloc(size), size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return fails_for(FAULT_CALLOC, count * size)
               ? NULL
               : enter_block(__real_calloc(count, size), count * size);
}

void *__wrap_realloc(void *block, size_t size)
{
    if (fails_for(FAULT_REALLOC, size))
        return NULL;
    strike_out_block(block);
    return enter_block(__real_realloc(block, size), size);
}

void *__wrap_aligned_alloc(size_t alignment, size_t size)
{
    return fails_for(FAULT_ALIGNED, size)
               ? NULL
               : enter_block(__real_aligned_alloc(alignment, size), size);
}

void __wrap_free(void *block)
{
    strike_out_block(block);
    __real_free(block);
}

REAL(void *, mmap, void *at, size_t size, int protection, int flags, int file,
     off_t offset);
REAL(int, munmap, void *at, size_t size);

void *__wrap_mmap(void *at, size_t size, int protection, int flags, int file,
                  off_t offset)
{
    if (fails_for(FAULT_MAP, size))
        return MAP_FAILED;
    void *memory = __real_mmap(at, size, protection, flags, file, offset);
    if (memory != MAP_FAILED)
        enter_mapping(memory, size);
    return memory;
}

int __wrap_munmap(void *at, size_t size)
{
    if (fails(FAULT_UNMAP))
        return -1;
    strike_out_mappings(at, size);
    return __real_munmap(at, size);
}

REAL(int, getentropy, void *bytes, size_t size);

int __wrap_getentropy(void *bytes, size_t size)
{
    return fails(FAULT_ENTROPY) ? -1 : __real_getentropy(bytes, size);
}

// Printing.

REAL(int, vsnprintf, char *text, size_t size, const char *format, va_list args);
REAL(size_t, fwrite, const void *bytes, size_t size, size_t count, FILE *file);

int __wrap_vsnprintf(char *text, size_t size, const char *format, va_list args)
{
    return fails(FAULT_FORMAT) ? -1
                               : __real_vsnprintf(text, size, format, args);
}

// A dying process must be able to say why.
int __wrap_fprintf(FILE *file, const char *format, ...)
{
    if (file != stderr && fails(FAULT_PRINT))
        return -1;
    va_list args;
    va_start(args, format);
    int length = vfprintf(file, format, args);
    va_end(args);
    return length;
}

size_t __wrap_fwrite(const void *bytes, size_t size, size_t count, FILE *file)
{
    return fails(FAULT_WRITE) ? 0 : __real_fwrite(bytes, size, count, file);
}

REAL(long, sysconf, int name);

long __wrap_sysconf(int name)
{
    return name == _SC_NPROCESSORS_ONLN && fails(FAULT_CORES)
               ? -1
               : __real_sysconf(name);
}

// With _FORTIFY_SOURCE compilers make calls of these names instead.

int __wrap___vsnprintf_chk(char *text, size_t size, int flag, size_t room,
                           const char *format, va_list args)
{
    (void)flag;
    return room < size ? -1 : __wrap_vsnprintf(text, size, format, args);
}

int __wrap___fprintf_chk(FILE *file, int flag, const char *format, ...)
{
    (void)flag;
    if (file != stderr && fails(FAULT_PRINT))
        return -1;
    va_list args;
    va_start(args, format);
    int length = vfprintf(file, format, args);
    va_end(args);
    return length;
}
