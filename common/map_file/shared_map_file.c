// Opening a map in a file. The protocol: a process that gets the file's lock
// alone makes the map, or checks the one that is there and recovers it. Then
// all processes hold the lock shared for as long as they have the map open.
#include "base/base.h"

#include "shared_map_file.h"

#include <unistd.h>

#include "map/shared_map_internal.h"
#include "os/os.h"
#include "shared_file.h"

// The first bytes of a file in which a map is being made. A process that is
// killed on the way leaves them behind, and the next one starts again.
static const char unfinished[sizeof map_magic] = "MapSoon";

// What a look at the start of a file finds, which needs no lock.
typedef enum Start {
    EMPTY,
    UNFINISHED,  // a map that is being made
    UNCHECKED,   // a map that a process which is alone is checking
    FINISHED,    // a map
    OTHER        // something else
} Start;

typedef struct Opening {
    int file;
    size_t bytes;  // for a new map
    Deadline deadline;
    SharedMap *map;
    Start start;
} Opening;

// The two states of work come true before the work begins. So what is killed
// in it leaves one of them.
static bool look_at_start(Opening *opening, SharedMap *head)
{
    ssize_t got = pread(opening->file, head, sizeof *head, 0);
    bool has_magic = got >= (ssize_t)sizeof head->magic;
    opening->start = OTHER;
    if (got == 0)
        opening->start = EMPTY;
    else if (has_magic && memcmp(head, unfinished, sizeof unfinished) == 0)
        opening->start = UNFINISHED;
    else if (has_magic && memcmp(head, map_magic, sizeof map_magic) == 0)
        opening->start = got == (ssize_t)sizeof *head &&
                                 head->layout == map_layout() &&
                                 word_load(&head->identity) == 0
                             ? UNCHECKED
                             : FINISHED;
    return got >= 0;
}

// A failure leaves an empty file, which it was before, and the first error.
static MapProblem make(Opening *opening)
{
    int file = opening->file;
    size_t bytes = opening->bytes;
    MapProblem problem = SHARED_MAP_REFUSED;
    if (shared_file_may_have(bytes) && ftruncate(file, 0) == 0 &&
        pwrite(file, unfinished, sizeof unfinished, 0) == sizeof unfinished &&
        ftruncate(file, (off_t)bytes) == 0 &&
        shared_file_reserve(file, bytes) &&
        (opening->map = shared_file_map(file, bytes, FILE_MAKE)) != NULL)
        problem = map_make(opening->map, bytes, OWNER_FILE);
    int error = errno;
    if (problem != SHARED_MAP_NO_PROBLEM && ftruncate(file, 0) == 0)
        errno = error;
    return problem;
}

// Maps the file, and checks what is in it. All of the file must be the map: a
// shorter one was truncated while it was in use. A copy may have holes, for
// which the disk has no room later: so they are filled before the first look.
static MapProblem find(Opening *opening, bool alone, Deadline deadline)
{
    SharedMap head, *map;
    uint64_t size;
    bool ours;
    if (!shared_file_look(opening->file, &ours, &size) ||
        !look_at_start(opening, &head))
        return SHARED_MAP_REFUSED;
    if (opening->start < UNCHECKED || opening->start == OTHER)
        return SHARED_MAP_UNKNOWN;
    bool is_whole =
        size >= sizeof head && head.layout == map_layout() && head.size == size;
    if (alone && is_whole && shared_file_may_have(size) &&
        !shared_file_reserve(opening->file, size))
        return SHARED_MAP_REFUSED;
    opening->map = map = shared_file_map(opening->file, size, FILE_FIND);
    if (map == NULL)
        return SHARED_MAP_REFUSED;
    MapProblem problem = map_problem(map, (size_t)size, alone, deadline);
    if (problem == SHARED_MAP_NO_PROBLEM &&
        (map->size != size || map->owner != OWNER_FILE))
        problem = SHARED_MAP_DAMAGED;
    return problem;
}

// SHARED_MAP_BUSY: to be tried again. After the check the lock is shared. In
// between the process may have neither lock: then another process is alone with
// the map, and checks it again.
static MapProblem open_alone(Opening *opening)
{
    bool makes = opening->bytes > 0 && opening->start <= UNFINISHED;
    MapProblem problem =
        makes ? make(opening) : find(opening, true, DEADLINE_NEVER);
    if (problem != SHARED_MAP_NO_PROBLEM)
        return problem;
    if (!shared_file_lock(opening->file, FILE_SHARED))
        return errno == EWOULDBLOCK ? SHARED_MAP_BUSY : SHARED_MAP_REFUSED;
    return word_load(&opening->map->identity) != 0 ? SHARED_MAP_NO_PROBLEM
                                                   : SHARED_MAP_BUSY;
}

// With the lock shared the file is looked at again: from then on no process can
// be alone with it. The wait for the map's own lock is short: a process that is
// stopped may have it.
static MapProblem open_shared(Opening *opening)
{
    enum { TURN_MS = 100 };
    SharedMap head;
    if (!shared_file_lock(opening->file, FILE_SHARED))
        return errno == EWOULDBLOCK ? SHARED_MAP_BUSY : SHARED_MAP_REFUSED;
    if (!look_at_start(opening, &head))
        return SHARED_MAP_REFUSED;
    if (opening->start < FINISHED)
        return SHARED_MAP_BUSY;
    Deadline turn = deadline_in_ms(TURN_MS), end = opening->deadline;
    return find(opening, false, end.ns < turn.ns ? end : turn);
}

// Gives up what a turn has taken, so that it is in no other process's way.
static void give_up(Opening *opening)
{
    int error = errno;
    if (opening->map)
        shared_file_unmap(opening->map);
    opening->map = NULL;
    shared_file_lock(opening->file, FILE_UNLOCKED);
    errno = error;
}

// flock has no deadline, and a process that waited in it for the lock shared
// would get it before the next maker gets it alone: so there are turns, with
// a pause in between that grows.
static void pause_before(unsigned turn, Deadline deadline)
{
    enum { LONGEST_MS = 10 };
    _Atomic uint32_t word = 0;
    Deadline end = deadline_in_ms(turn < LONGEST_MS ? turn : LONGEST_MS);
    futex_wait(&word, 0, deadline.ns < end.ns ? deadline : end);
}

// A process that gets the lock alone makes the map, or checks and recovers it,
// and then shares the lock. While the lock is not to be had, another process
// is at that, or others use the map. Only a finished map is locked shared: so
// the processes that wait are in no maker's way. And only in a second turn: a
// process that was alone in the first may have been killed just then, before it
// made a new lock. It may be killed in the second as well: if what it left is
// no lock, or one that a dead process has, the next turn comes.
static MapProblem open_map(Opening *opening)
{
    enum { MOST_LOOKS = 50 };  // at an empty file that is in use
    unsigned turn = 0, looks = 0;
    bool was_in_use = false;
    for (;;) {
        SharedMap head;
        MapProblem problem = SHARED_MAP_BUSY;
        bool alone = shared_file_lock(opening->file, FILE_ALONE);
        if (!alone && errno != EWOULDBLOCK)
            return SHARED_MAP_REFUSED;
        if (!look_at_start(opening, &head))
            return SHARED_MAP_REFUSED;
        if (alone)
            problem = open_alone(opening);
        else if (opening->start >= FINISHED &&
                 (was_in_use || deadline_remaining_ns(opening->deadline) == 0))
            problem = open_shared(opening);
        was_in_use = !alone && opening->start >= FINISHED;
        if (problem != SHARED_MAP_BUSY)
            return problem;
        // Locked shared and empty: it was emptied while it was in use.
        bool is_in_use = !alone && opening->start == EMPTY &&
                         shared_file_lock(opening->file, FILE_SHARED);
        looks = is_in_use ? looks + 1 : 0;
        give_up(opening);
        if (looks == MOST_LOOKS)
            return SHARED_MAP_DAMAGED;
        if (deadline_remaining_ns(opening->deadline) == 0)
            return SHARED_MAP_BUSY;
        pause_before(++turn, opening->deadline);
    }
}

// Without a lock: that would keep the next process that changes the map from
// being alone with it. The sizes are all that reading needs.
static MapProblem open_to_read(Opening *opening)
{
    SharedMap head;
    uint64_t size;
    bool ours;
    if (!shared_file_look(opening->file, &ours, &size) ||
        !look_at_start(opening, &head))
        return SHARED_MAP_REFUSED;
    if (opening->start < UNCHECKED || opening->start == OTHER)
        return SHARED_MAP_UNKNOWN;
    if (size < sizeof head)
        return SHARED_MAP_DAMAGED;
    if (head.layout != map_layout())
        return SHARED_MAP_OTHER_KIND;
    opening->map = shared_file_map(opening->file, size, FILE_READ);
    if (opening->map == NULL)
        return SHARED_MAP_REFUSED;
    bool fits = map_sizes_fit(opening->map, (size_t)size) &&
                opening->map->size == size && opening->map->owner == OWNER_FILE;
    return fits ? SHARED_MAP_NO_PROBLEM : SHARED_MAP_DAMAGED;
}

// The file belongs to the map from here on. A failure gives up both, and keeps
// errno.
static SharedMap *open_by(MapProblem open_it(Opening *), Opening opening,
                          MapProblem *problem)
{
    int file = opening.file;
    uint64_t size;
    bool ours;
    MapProblem here = SHARED_MAP_REFUSED;
    if (file < 0)
        here = errno == ELOOP ? SHARED_MAP_NOT_OURS : SHARED_MAP_REFUSED;
    else if (shared_file_look(file, &ours, &size))
        here = ours ? open_it(&opening) : SHARED_MAP_NOT_OURS;
    if (here != SHARED_MAP_NO_PROBLEM && file >= 0) {
        int error = errno;
        give_up(&opening);
        close(file);
        errno = error;
    }
    if (problem)
        *problem = here;
    return opening.map;
}

static SharedMap *open_named(const char *path, bool is_memory, size_t bytes,
                             MapProblem *problem, Deadline deadline)
{
    FileUse use = bytes > 0 ? FILE_MAKE : FILE_FIND;
    Opening opening = { .file = shared_file_open(path, is_memory, use),
                        .bytes = bytes,
                        .deadline = deadline };
    return open_by(open_map, opening, problem);
}

SharedMap *shared_map_open(const char *path, size_t bytes, MapProblem *problem)
{
    return open_named(path, false, bytes, problem, DEADLINE_NEVER);
}

SharedMap *shared_map_open_until(const char *path, size_t bytes,
                                 MapProblem *problem, Deadline deadline)
{
    return open_named(path, false, bytes, problem, deadline);
}

SharedMap *shared_map_open_memory(const char *name, size_t bytes,
                                  MapProblem *problem)
{
    return open_named(name, true, bytes, problem, DEADLINE_NEVER);
}

SharedMap *shared_map_open_memory_until(const char *name, size_t bytes,
                                        MapProblem *problem, Deadline deadline)
{
    return open_named(name, true, bytes, problem, deadline);
}

SharedMap *shared_map_open_read_only(const char *path, MapProblem *problem)
{
    atomic_store_explicit(&map_file_is_read_only, shared_file_is_read_only,
                          memory_order_relaxed);
    Opening opening = { .file = shared_file_open(path, false, FILE_READ) };
    return open_by(open_to_read, opening, problem);
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
