// Opening a map in a file. The protocol: a process that gets the file's lock
// alone makes the map, or checks the one that is there and recovers it. Then
// all processes hold the lock shared for as long as they have the map open.
#include "base/base.h"

#include "shared_map_file.h"

#include <sched.h>
#include <unistd.h>

#include "map/shared_map_internal.h"
#include "shared_file.h"

// The first bytes of a file in which a map is being made. A process that is
// killed on the way leaves them behind, and the next one starts again.
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

// A failure leaves an empty file, which it was before, and the first error.
static MapProblem make(int file, size_t bytes, SharedMap **map)
{
    MapProblem problem = SHARED_MAP_REFUSED;
    if (ftruncate(file, 0) == 0 &&
        pwrite(file, unfinished, sizeof unfinished, 0) == sizeof unfinished &&
        shared_file_reserve(file, bytes) &&
        (*map = shared_file_map(file, bytes)) != NULL)
        problem = map_make(*map, bytes, OWNER_FILE) ? SHARED_MAP_NO_PROBLEM
                                                    : SHARED_MAP_TOO_SMALL;
    int error = errno;
    if (problem != SHARED_MAP_NO_PROBLEM && ftruncate(file, 0) == 0)
        errno = error;
    return problem;
}

// Maps the file, and checks what is in it. All of the file must be the map: a
// shorter one was truncated while it was in use.
static MapProblem find(int file, bool alone, SharedMap **map)
{
    uint64_t size;
    bool ours;
    if (!shared_file_look(file, &ours, &size))
        return SHARED_MAP_REFUSED;
    if (size == 0 || size > SIZE_MAX)
        return SHARED_MAP_UNKNOWN;
    *map = shared_file_map(file, (size_t)size);
    if (*map == NULL)
        return SHARED_MAP_REFUSED;
    MapProblem problem = map_problem(*map, (size_t)size, alone);
    if (problem == SHARED_MAP_NO_PROBLEM &&
        ((*map)->size != size || (*map)->owner != OWNER_FILE))
        problem = SHARED_MAP_DAMAGED;
    return problem;
}

enum { TRIES = 1000 };  // each with a sched_yield

// A process that gets the lock alone makes the map or mends it, and then shares
// the lock. Any other process waits for that one. If that one was killed before
// it had made the map, another process must be alone. If none ever is, the file
// was emptied while it was in use.
static MapProblem open_map(int file, size_t bytes, SharedMap **map)
{
    for (int i = 0; i < TRIES; i++) {
        bool alone = shared_file_lock(file, true), is_unfinished;
        if (!alone && (errno != EWOULDBLOCK || !shared_file_lock(file, false)))
            return SHARED_MAP_REFUSED;
        if (!look_at_start(file, &is_unfinished))
            return SHARED_MAP_REFUSED;
        if (!alone && !is_unfinished)
            return find(file, false, map);
        if (alone) {
            MapProblem problem = bytes > 0 && is_unfinished
                                     ? make(file, bytes, map)
                                     : find(file, true, map);
            bool ready = problem == SHARED_MAP_NO_PROBLEM;
            return ready && !shared_file_lock(file, false) ? SHARED_MAP_REFUSED
                                                           : problem;
        }
        sched_yield();
    }
    return SHARED_MAP_DAMAGED;
}

// The file belongs to the map from here on. A failure gives up both, and keeps
// errno.
static SharedMap *open_file(int file, size_t bytes, MapProblem *problem)
{
    SharedMap *map = NULL;
    uint64_t size;
    bool ours;
    MapProblem here = SHARED_MAP_REFUSED;
    if (file < 0)
        here = errno == ELOOP ? SHARED_MAP_NOT_OURS : SHARED_MAP_REFUSED;
    else if (shared_file_look(file, &ours, &size))
        here = ours ? open_map(file, bytes, &map) : SHARED_MAP_NOT_OURS;
    int error = errno;
    if (here != SHARED_MAP_NO_PROBLEM) {
        if (map)
            shared_file_unmap(map);
        if (file >= 0)
            close(file);
        map = NULL;
    }
    errno = error;
    if (problem)
        *problem = here;
    return map;
}

SharedMap *shared_map_open(const char *path, size_t bytes, MapProblem *problem)
{
    return open_file(shared_file_open(path, false, bytes > 0), bytes, problem);
}

SharedMap *shared_map_open_memory(const char *name, size_t bytes,
                                  MapProblem *problem)
{
    return open_file(shared_file_open(name, true, bytes > 0), bytes, problem);
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
    return shared_file_remove(path, false);
}

bool shared_map_remove_memory(const char *name)
{
    return shared_file_remove(name, true);
}
