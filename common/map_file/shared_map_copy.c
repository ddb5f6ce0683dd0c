// Copying a map that is in use: a snapshot of its entries becomes a new map in
// a new file, under another name beside the old one. The rename is the commit
// point: no process ever opens half a copy.
#include "base/base.h"

#include <unistd.h>

#include "map/shared_map_internal.h"
#include "os/os.h"

static bool fill(SharedMap *copy, const MapEntries *entries)
{
    for (size_t i = 0; i < entries->count; i++) {
        const MapEntry *entry = &entries->at[i];
        if (!shared_map_set_n(copy, entry->key, entry->key_size, entry->value))
            return false;
    }
    return true;
}

static MapProblem make_copy(const char *path, size_t bytes,
                            const MapEntries *entries)
{
    MapProblem problem;
    SharedMap *copy = shared_map_open(path, bytes, &problem);
    if (copy == NULL)
        return problem;
    bool filled = fill(copy, entries);
    shared_map_close(&copy);
    return filled ? SHARED_MAP_NO_PROBLEM : SHARED_MAP_TOO_SMALL;
}

// The name is no other file's: it has 64 random bits. A full map may take more
// room after another sequence of changes: then the copy is made again, in a
// longer file.
static MapProblem copy_entries(const MapEntries *entries, size_t bytes,
                               const char *path, char *beside, size_t room)
{
    uint64_t random;
    if (!random_fill(&random, sizeof random))
        return SHARED_MAP_REFUSED;
    snprintf(beside, room, "%s.%016llx", path, (unsigned long long)random);
    MapProblem problem = make_copy(beside, bytes, entries);
    while (problem == SHARED_MAP_TOO_SMALL && bytes <= SIZE_MAX / 4) {
        bytes *= 2;
        unlink(beside);
        problem = make_copy(beside, bytes, entries);
    }
    if (problem == SHARED_MAP_NO_PROBLEM && rename(beside, path) != 0)
        problem = SHARED_MAP_REFUSED;
    int error = errno;
    if (problem != SHARED_MAP_NO_PROBLEM)
        unlink(beside);
    errno = error;
    return problem;
}

bool shared_map_copy_to(SharedMap *map, const char *path, MapProblem *problem)
{
    MapProblem here = SHARED_MAP_BUSY;
    MapEntries *entries = shared_map_entries(map);
    size_t room = strlen(path) + sizeof ".0123456789abcdef";
    char *beside = must_malloc(room);
    if (entries)
        here = copy_entries(entries, (size_t)map->size, path, beside, room);
    free(beside);
    free(entries);
    if (problem)
        *problem = here;
    return here == SHARED_MAP_NO_PROBLEM;
}
