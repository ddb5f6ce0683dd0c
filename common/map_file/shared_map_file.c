// Opening a map in a file. Whoever finds that nobody else has the file open,
// has it alone for as long as it takes to make the map, or to look at the one
// that is there and put it in order. Then all hold it shared, for as long as
// they have the map.
#include "base/base.h"

#include "shared_map_file.h"

#include <sched.h>
#include <unistd.h>

#include "map/shared_map_internal.h"
#include "shared_file.h"

// What begins a file in which a map is being made. Whoever is killed before it
// is one leaves this behind.
static const char unfinished[sizeof map_magic] = "MapSoon";

// Returns false if the system refuses to say.
static bool look_at_start(int file, bool *is_unfinished)
{
    char start[sizeof unfinished];
    ssize_t got = pread(file, start, sizeof start, 0);
    *is_unfinished = got == 0 || (got == sizeof start &&
                                  memcmp(start, unfinished, sizeof start) == 0);
    return got >= 0;
}

static SharedMap *refuse(MapProblem *problem)
{
    *problem = SHARED_MAP_REFUSED;
    return NULL;
}

// What was begun is taken back. An empty file is what it was before.
static SharedMap *take_back(int file, MapProblem *problem, MapProblem why)
{
    int error = errno;
    if (ftruncate(file, 0) == 0)
        errno = error;
    *problem = why;
    return NULL;
}

static SharedMap *make(int file, size_t bytes, MapProblem *problem)
{
    if (ftruncate(file, 0) != 0 ||
        pwrite(file, unfinished, sizeof unfinished, 0) != sizeof unfinished ||
        !shared_file_reserve(file, bytes))
        return take_back(file, problem, SHARED_MAP_REFUSED);
    SharedMap *map = shared_file_map(file, bytes);
    if (map == NULL)
        return take_back(file, problem, SHARED_MAP_REFUSED);
    if (map_make(map, bytes, OWNER_FILE))
        return map;
    shared_file_unmap(map);
    return take_back(file, problem, SHARED_MAP_TOO_SMALL);
}

// Maps what there is, and looks at it.
static SharedMap *find(int file, bool alone, MapProblem *problem)
{
    uint64_t size;
    bool ours;
    *problem = SHARED_MAP_REFUSED;
    if (!shared_file_look(file, &ours, &size))
        return NULL;
    if (size == 0 || size > SIZE_MAX) {
        *problem = SHARED_MAP_UNKNOWN;
        return NULL;
    }
    SharedMap *map = shared_file_map(file, (size_t)size);
    if (map == NULL)
        return NULL;
    *problem = map_problem(map, (size_t)size, alone);
    if (*problem == SHARED_MAP_NO_PROBLEM &&
        (map->size != size || map->owner != OWNER_FILE))
        *problem = SHARED_MAP_DAMAGED;
    if (*problem == SHARED_MAP_NO_PROBLEM)
        return map;
    shared_file_unmap(map);
    return NULL;
}

// Then nobody uses what there is, and it can be mended.
static SharedMap *open_alone(int file, size_t bytes, MapProblem *problem)
{
    bool is_unfinished;
    if (!look_at_start(file, &is_unfinished))
        return refuse(problem);
    SharedMap *map = bytes > 0 && is_unfinished ? make(file, bytes, problem)
                                                : find(file, true, problem);
    if (map && !shared_file_share(file)) {
        int error = errno;
        shared_file_unmap(map);
        errno = error;
        return refuse(problem);
    }
    return map;
}

enum { TRIES = 1000 };

// Who is not alone waits for the one who is, and then has a map, unless that
// one was killed: then somebody else has to be alone. If nobody ever is, the
// file was emptied while it was in use.
static SharedMap *open_map(int file, size_t bytes, MapProblem *problem)
{
    for (int i = 0; i < TRIES; i++) {
        if (shared_file_try_alone(file))
            return open_alone(file, bytes, problem);
        bool is_unfinished;
        if (errno != EWOULDBLOCK || !shared_file_share(file) ||
            !look_at_start(file, &is_unfinished))
            return refuse(problem);
        if (!is_unfinished)
            return find(file, false, problem);
        sched_yield();
    }
    *problem = SHARED_MAP_DAMAGED;
    return NULL;
}

static bool is_ours(int file, MapProblem *problem)
{
    uint64_t size;
    bool ours = false;
    if (file < 0)
        *problem = errno == ELOOP ? SHARED_MAP_NOT_OURS : SHARED_MAP_REFUSED;
    else if (!shared_file_look(file, &ours, &size))
        *problem = SHARED_MAP_REFUSED;
    else if (!ours)
        *problem = SHARED_MAP_NOT_OURS;
    return ours;
}

// The file belongs to the map, if there is one.
static SharedMap *open_file(int file, size_t bytes, MapProblem *problem)
{
    MapProblem here = SHARED_MAP_NO_PROBLEM;
    SharedMap *map = is_ours(file, &here) ? open_map(file, bytes, &here) : NULL;
    int error = errno;
    if (map == NULL && file >= 0)
        close(file);
    errno = error;
    if (problem)
        *problem = here;
    return map;
}

SharedMap *shared_map_open(const char *path, size_t bytes, MapProblem *problem)
{
    return open_file(shared_file_open(path, bytes > 0), bytes, problem);
}

SharedMap *shared_map_open_memory(const char *name, size_t bytes,
                                  MapProblem *problem)
{
    return open_file(shared_memory_open(name, bytes > 0), bytes, problem);
}

void shared_map_close(SharedMap **map)
{
    SharedMap *closed = map ? *map : NULL;
    map_enter(closed);
    int file = closed->owner == OWNER_FILE ? shared_file_of(closed) : -1;
    if (file < 0)
        die("shared_map_close: this map did not come from shared_map_open; "
            "end it with shared_map_free");
    if (!shared_file_unmap(closed) || close(file) != 0)
        die("shared_map_close: %s", error_text(errno));
    *map = NULL;
}

bool shared_map_remove(const char *path)
{
    return shared_file_remove(path);
}

bool shared_map_remove_memory(const char *name)
{
    return shared_memory_remove(name);
}
