// Reads a file of events and makes a Run of it in three steps: parse the lines
// (run_parse.c), find the lanes (run_lanes.c), pair the events (run_pair.c).
// Each step needs the result of the one before. The texts of all events point
// into the one copy of the file, which the parser cuts up in place.

#include "run.h"

#include <stdio.h>
#include <stdlib.h>

#include "run_internal.h"

// Every caller would only end the program, so it ends here. A block of 0 bytes
// is one byte: then NULL always means that memory is missing.
void *need_memory(void *block, size_t count, size_t size)
{
    if (count == 0)
        count = 1;
    block = count <= SIZE_MAX / size ? realloc(block, count * size) : NULL;
    if (block == NULL) {
        fprintf(stderr,
                "draw: out of memory: %zu times %zu bytes were wanted\n", count,
                size);
        exit(EXIT_FAILURE);
    }
    return block;
}

// The whole file, with a zero byte behind it; the size without that one.
static char *read_all(FILE *file, size_t *size)
{
    size_t room = 1 << 16;
    char *text = need_memory(NULL, room, 1);
    *size = 0;
    size_t n;
    while ((n = fread(text + *size, 1, room - 1 - *size, file)) > 0) {
        *size += n;
        if (*size == room - 1)
            text = need_memory(text, room *= 2, 1);
    }
    text[*size] = '\0';
    return text;
}

bool run_read(Run *run, const char *path)
{
    *run = (Run){ 0 };
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        perror(path);
        return false;
    }
    size_t size;
    run->bytes = read_all(file, &size);
    bool failed = ferror(file);
    if (failed)
        perror(path);
    fclose(file);
    if (failed) {
        run_free(run);
        return false;
    }
    run_parse(run, run->bytes, size);
    // The steps below rely on at least one event, and so on at least one lane.
    if (run->count == 0) {
        fprintf(stderr,
                "%s: there are no events in this file: draw needs one that "
                "make trace has recorded.\n",
                path);
        run_free(run);
        return false;
    }
    run_find_lanes(run);
    run_pair(run);
    return true;
}

void run_free(Run *run)
{
    free(run->events);
    free(run->lanes);
    free(run->partner);
    free(run->next);
    free(run->bytes);
    *run = (Run){ 0 };
}
