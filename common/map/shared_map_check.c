// Maps of which nothing is known.
#include "base/base.h"

#include "map_check.h"
#include "shared_map_internal.h"

const char *map_problem_words(MapProblem problem)
{
    switch (problem) {
    case SHARED_MAP_NO_PROBLEM:
        return "there is no problem";
    case SHARED_MAP_REFUSED:
        return error_text(errno);
    case SHARED_MAP_NOT_OURS:
        return "this is no plain file of ours that only its owner may open";
    case SHARED_MAP_TOO_SMALL:
        return "no map fits in so few bytes";
    case SHARED_MAP_UNKNOWN:
        return "there is no shared map in it";
    case SHARED_MAP_OTHER_KIND:
        return "this map was made by another kind of program";
    case SHARED_MAP_DAMAGED:
        return "this map is damaged";
    }
    return "there is no such problem";
}

// What never changes: without the lock.
static MapProblem problem_of_sizes(const SharedMap *map, size_t size)
{
    size_t before = offsetof(SharedMap, block);
    if (map == NULL || size < sizeof map->magic ||
        memcmp(map->magic, map_magic, sizeof map_magic) != 0)
        return SHARED_MAP_UNKNOWN;
    if (size < sizeof *map)
        return SHARED_MAP_DAMAGED;
    if (map->layout != map_layout())
        return SHARED_MAP_OTHER_KIND;
    bool fits = map->size >= sizeof *map && map->size <= size &&
                map->owner <= OWNER_FILE;
    return fits && block_has_sizes(&map->block, (size_t)map->size - before)
               ? SHARED_MAP_NO_PROBLEM
               : SHARED_MAP_DAMAGED;
}

// Not checked: there is nobody else, and a lock that was copied is none.
static bool is_sound_alone(Block *block, Mark *marks) LOCKS_UNCHECKED
{
    shared_lock_init(&block->lock);
    return block_is_sound(block, true, marks);
}

static bool is_sound(Block *block, bool alone, Mark *marks)
{
    if (alone)
        return is_sound_alone(block, marks);
    bool left = !shared_lock_acquire(&block->lock);
    bool sound = block_is_sound(block, left, marks);
    shared_lock_release(&block->lock);
    return sound;
}

MapProblem map_problem(SharedMap *map, size_t size, bool alone)
{
    MapProblem problem = problem_of_sizes(map, size);
    if (problem != SHARED_MAP_NO_PROBLEM)
        return problem;
    Mark *marks = must_calloc(block_marks(&map->block), sizeof *marks);
    bool sound = is_sound(&map->block, alone, marks);
    free(marks);
    return sound ? SHARED_MAP_NO_PROBLEM : SHARED_MAP_DAMAGED;
}

SharedMap *shared_map_attach_checked(void *buffer, size_t size,
                                     MapProblem *problem)
{
    bool aligned = (uintptr_t)buffer % alignof(SharedMap) == 0;
    MapProblem here =
        aligned ? map_problem(buffer, size, false) : SHARED_MAP_UNKNOWN;
    if (problem)
        *problem = here;
    return here == SHARED_MAP_NO_PROBLEM ? buffer : NULL;
}
