// The explored program: a shared object that is loaded once and run many times.
//
// Its variables lie in one writable segment. A copy of the segment from before
// main is put back before each run, which costs one memcpy: no fork, no exec.
// So the search is stateless and still makes thousands of runs in a second. The
// invariant: no state of a run survives it, apart from the shadow cells'
// readers and writers.

#define _GNU_SOURCE
#include "program.h"

#include <dlfcn.h>
#include <link.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "at_exit.h"
#include "base/finding.h"
#include "base/give_up.h"
#include "memory.h"
#include "schedule/point.h"

static void *library;
static int (*program_entry)(int, char **);
static void (*at_end)(void);

// The program's writable segment and the copy of it from before main. The part
// up to read_only_end was written by the loader and then made read-only
// (RELRO).
static char *variables, *read_only_end, *initial;
static size_t variables_size;

// Thread-local variables: the module number that the loader gave the program,
// their initial values (the rest is zero), and their size.
static size_t module;
static const char *storage_image;
static size_t storage_image_size, storage_size;

static int find_storage(struct dl_phdr_info *info, size_t size, void *arg)
{
    (void)size, (void)arg;
    if (info->dlpi_tls_modid != module)
        return 0;
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *header = &info->dlpi_phdr[i];
        if (header->p_type == PT_TLS) {
            storage_image = (const char *)(info->dlpi_addr + header->p_vaddr);
            storage_image_size = header->p_filesz;
            storage_size = header->p_memsz;
        }
    }
    return 1;
}

static char *own_storage(int thread)
{
    char *storage = memory_storage(thread, storage_size);
    if (storage_size > 0) {
        memcpy(storage, storage_image, storage_image_size);
        memset(storage + storage_image_size, 0,
               storage_size - storage_image_size);
    }
    return storage;
}

// The argument of __tls_get_addr, which compiled code calls to find a
// thread-local variable in a shared object. All fibers are one thread for the
// C library, so this function takes its place. Only the program calls it: the
// tool itself is linked with another model of thread-local storage.
typedef struct Index {
    size_t module, offset;
} Index;

void *__tls_get_addr(const Index *index)
{
    if (module == 0) {
        module = index->module;
        dl_iterate_phdr(find_storage, NULL);
        own_storage(0);
    }
    if (index->module != module)
        give_up("A library of the program has thread-local variables; explore "
                "supports only those of the program itself.");
    char *storage = self != NULL ? self->storage : memory_storage(0, 0);
    return storage + index->offset;
}

static int find_variables(struct dl_phdr_info *info, size_t size, void *arg)
{
    (void)size;
    if ((void *)info->dlpi_addr != arg)
        return 0;
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *header = &info->dlpi_phdr[i];
        if (header->p_type == PT_LOAD && (header->p_flags & PF_W) != 0) {
            variables = (char *)(info->dlpi_addr + header->p_vaddr);
            variables_size = header->p_memsz;
        }
        if (header->p_type == PT_GNU_RELRO)
            read_only_end =
                (char *)(info->dlpi_addr + header->p_vaddr + header->p_memsz);
    }
    return 1;
}

// Copies the writable segment, without the read-only part. It begins at a
// multiple of eight, because a shadow cell is for eight aligned bytes.
static void keep_variables(const void *base)
{
    dl_iterate_phdr(find_variables, (void *)(uintptr_t)base);
    if (read_only_end > variables) {
        char *start = (char *)((uintptr_t)read_only_end & ~(uintptr_t)4095);
        variables_size -= (size_t)(start - variables);
        variables = start;
    }
    size_t before = (uintptr_t)variables % 8;
    variables -= before;
    variables_size += before;
    memory_set_variables(variables, variables_size);
    initial = malloc(variables_size);
    if (initial == NULL)
        give_up("There is not enough memory.");
    memcpy(initial, variables, variables_size);
}

const void *program_load(const char *file)
{
    library = dlopen(file, RTLD_NOW | RTLD_LOCAL);
    if (library == NULL)
        give_up("%s", dlerror());
    *(void **)&program_entry = dlsym(library, "main");
    if (program_entry == NULL)
        give_up("%s has no main.", file);
    Dl_info info;
    dladdr(*(void **)&program_entry, &info);
    keep_variables(info.dli_fbase);
    memory_keep();
    threads_init(
        (ThreadParts){ memory_stack, own_storage, keys_run_destructors });
    return info.dli_fbase;
}

void program_calls_at_end(void (*function)(void))
{
    at_end = function;
}

// The C library's rand would go on from run to run, so it is seeded again.
void program_start(void)
{
    memcpy(variables, initial, variables_size);
    memory_start();
    at_exit_start();
    srand(1);
}

void *program_main(void *unused)
{
    (void)unused;
    char name[] = "main", *arguments[] = { name, NULL };
    program_exit(program_entry(1, arguments));
}

// Returning from main is a call of exit. Threads that still run are not waited
// for: the run is over while they are in the middle of an operation.
_Noreturn void program_exit(int status)
{
    at_exit_run();
    program_exit_at_once(status);
}

_Noreturn void program_exit_at_once(int status)
{
    if (at_end != NULL)
        at_end();
    if (status != 0) {
        snprintf(finding.kind, sizeof finding.kind, "exit status %d", status);
        snprintf(finding.text, sizeof finding.text,
                 "The program ends with status %d, in %s.", status, self->name);
    }
    run_over();
}
