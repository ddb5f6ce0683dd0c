// Addresses to names of global and static variables, by the program nm.
//
// nm is called once, at the first address of a listing. The symbol table gives
// addresses in the file; the address at which the file was loaded is added. A
// name that two variables have is useless to a reader, so it is not shown.

#define _GNU_SOURCE
#include "symbols.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/give_up.h"

typedef struct Variable {
    unsigned long start, size;  // start is relative to the file's base
    char name[64];
} Variable;

static uintptr_t file_base;
static Variable *variables;
static size_t count, capacity;

void symbols_init(const void *base)
{
    file_base = (uintptr_t)base;
}

// A static variable "count" inside a function main has the symbol "count.0"
// with gcc, and "main.count" with clang.
static void keep_own_name(char *name)
{
    char *dot = strchr(name, '.');
    if (dot == NULL)
        return;
    if (isdigit((unsigned char)dot[1]))
        *dot = '\0';
    else
        memmove(name, dot + 1, strlen(dot));
    name[strcspn(name, ".")] = '\0';
}

static void add(const Variable *variable)
{
    if (count == capacity) {
        capacity = capacity * 2 + 64;
        variables = realloc(variables, capacity * sizeof *variables);
        if (variables == NULL)
            give_up("There is not enough memory.");
    }
    variables[count] = *variable;
    keep_own_name(variables[count++].name);
}

// A variable's line is "0000000000005060 0000000000000004 b count"; the letter
// is b or d for data that are zero or not, a capital one if the symbol is
// global.
static void look_up(void)
{
    static bool done;
    char line[512], kind;
    Variable read;
    if (done)
        return;
    done = true;
    FILE *symbols = popen("nm -S \"$EXPLORED\" 2>&1", "r");
    if (symbols == NULL)
        return;
    while (fgets(line, sizeof line, symbols) != NULL)
        if (sscanf(line, "%lx %lx %c %63s", &read.start, &read.size, &kind,
                   read.name) == 4 &&
            strchr("bBdD", kind) != NULL)
            add(&read);
    pclose(symbols);
}

static bool is_only_one(const char *name)
{
    int times = 0;
    for (size_t i = 0; i < count; i++)
        times += strcmp(variables[i].name, name) == 0;
    return times == 1;
}

const char *symbol_at(const void *address, size_t *offset)
{
    look_up();
    uintptr_t at = (uintptr_t)address - file_base;
    for (size_t i = 0; i < count; i++) {
        *offset = at - variables[i].start;
        if (at >= variables[i].start && *offset < variables[i].size)
            return is_only_one(variables[i].name) ? variables[i].name : NULL;
    }
    return NULL;
}
