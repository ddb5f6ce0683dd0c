// Code addresses to files and lines, by the program addr2line.
//
// Starting a process takes milliseconds, so all addresses of a listing are
// looked up in one call, and each answer is kept. Addresses are printed only
// when a finding is, so a search that finds no mistake never starts addr2line.

#define _GNU_SOURCE
#include "source_lines.h"

#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/give_up.h"

enum { LINES = 4 };

// An inlined function's address belongs to that function and to those it was
// inlined into: one line each.
typedef struct Known {
    const void *address;
    int count;              // of lines
    char lines[LINES][64];  // "file.c:88", the innermost function's first
    char *paths[LINES];     // "/path/to/file.c:88" in the program's own files,
                            // NULL in the library
} Known;

static uintptr_t file_base;
static Known *known;
static size_t known_count, known_capacity;

void source_lines_init(const void *base)
{
    file_base = (uintptr_t)base;
}

bool source_lines_has(const void *address)
{
    Dl_info info;
    return dladdr(address, &info) != 0 &&
           (uintptr_t)info.dli_fbase == file_base;
}

static Known *find_known(const void *address)
{
    for (size_t i = 0; i < known_count; i++)
        if (known[i].address == address)
            return &known[i];
    return NULL;
}

static Known *add_known(const void *address)
{
    if (known_count == known_capacity) {
        known_capacity = known_capacity * 2 + 64;
        known = realloc(known, known_capacity * sizeof *known);
        if (known == NULL)
            give_up("There is not enough memory.");
    }
    Known *added = &known[known_count++];
    *added = (Known){ .address = address };
    return added;
}

// Files below a folder called common are the library. A folder above the
// program's own (PWD) may have that name too.
static bool is_library(const char *path)
{
    const char *here = getenv("PWD"), *rest = path;
    for (size_t i = 0; here != NULL && here[i] == path[i] && path[i] != '\0';
         i++)
        if (path[i] == '/')
            rest = path + i;
    return strstr(rest, "/common/") != NULL;
}

// A line as addr2line prints it: "/path/to/file.c:88 (discriminator 2)". The
// path may have spaces and colons; of one with a newline this is the end.
static void add_line(Known *place, char *line)
{
    const char *colon = strrchr(line, ':');
    if (line[0] == '?' || colon == NULL || place->count == LINES)
        return;
    line[strcspn(colon, " \n") + (size_t)(colon - line)] = '\0';
    const char *slash = strrchr(line, '/');
    snprintf(place->lines[place->count], sizeof place->lines[0], "%.63s",
             slash == NULL ? line : slash + 1);
    place->paths[place->count++] = is_library(line) ? NULL : strdup(line);
}

// addr2line -a prints each address before its lines, and in the order asked. So
// an address is the sign to go on to the next place.
static void read_answers(FILE *answers, Known *place)
{
    char line[4096];
    place--;
    while (fgets(line, sizeof line, answers) != NULL)
        if (strncmp(line, "0x", 2) == 0)
            place++;
        else if (place >= known && place < known + known_count)
            add_line(place, line);
}

// The addresses go through a file in memory: a pipe in both directions could
// block both processes (deadlock), each with a full pipe.
void source_lines_look_up(const void *const addresses[], size_t count)
{
    size_t first = known_count;
    for (size_t i = 0; i < count; i++)
        if (addresses[i] != NULL && find_known(addresses[i]) == NULL)
            add_known(addresses[i]);
    int asked = known_count > first ? memfd_create("addresses", 0) : -1;
    FILE *file = asked == -1 ? NULL : fdopen(asked, "w");
    if (file == NULL)
        return;
    for (size_t i = first; i < known_count; i++)
        fprintf(file, "0x%lx\n",
                (unsigned long)((uintptr_t)known[i].address - file_base));
    fflush(file);
    char command[100];
    snprintf(command, sizeof command,
             "addr2line -ai -e \"$EXPLORED\" </proc/self/fd/%d 2>&1", asked);
    FILE *answers = popen(command, "r");
    if (answers != NULL) {
        read_answers(answers, &known[first]);
        pclose(answers);
    }
    fclose(file);
}

const char *place_name(const void *address)
{
    const Known *place = find_known(address);
    return place == NULL || place->count == 0 ? "?" : place->lines[0];
}

void place_print(const Place *place, char *text, size_t size)
{
    source_lines_look_up(place->calls, PLACE_DEPTH);
    const char *before = "";
    size_t length = 0;
    snprintf(text, size, "an unknown place");
    for (int i = 0; i < PLACE_DEPTH; i++) {
        const Known *call =
            place->calls[i] == NULL ? NULL : find_known(place->calls[i]);
        for (int j = 0; call != NULL && j < call->count; j++) {
            if (strcmp(call->lines[j], before) != 0 && length < size)
                length += (size_t)snprintf(text + length, size - length, "%s%s",
                                           length == 0 ? "" : ", from ",
                                           call->lines[j]);
            before = call->lines[j];
        }
    }
}

// The innermost call in a file of the program itself.
static const Known *find_own(const Place *place, int *line)
{
    for (int i = 0; i < PLACE_DEPTH; i++) {
        const Known *call =
            place->calls[i] == NULL ? NULL : find_known(place->calls[i]);
        for (*line = 0; call != NULL && *line < call->count; ++*line)
            if (call->paths[*line] != NULL)
                return call;
    }
    return NULL;
}

const char *place_own(const Place *place)
{
    int line;
    const Known *own = find_own(place, &line);
    return own == NULL ? "" : own->lines[line];
}

// Reads the line that a path such as "/path/to/file.c:88" names.
static void read_line(const char *path, char *text, int size)
{
    char name[4096];
    const char *colon = strrchr(path, ':');
    snprintf(name, sizeof name, "%.*s", (int)(colon - path), path);
    FILE *file = fopen(name, "r");
    if (file == NULL)
        return;
    for (int line = atoi(colon + 1); line > 0; line--)
        if (fgets(text, size, file) == NULL)
            text[0] = '\0';
    fclose(file);
}

void place_source(const Place *place, char *text, size_t size)
{
    int line;
    const Known *own = find_own(place, &line);
    char read[4096] = "";
    if (own != NULL)
        read_line(own->paths[line], read, sizeof read);
    snprintf(text, size, "%s", read + strspn(read, " \t"));
    text[strcspn(text, "\r\n")] = '\0';
}
