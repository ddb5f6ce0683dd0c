// A map in a file, or in a named object of shared memory: for processes that
// know nothing of each other but its name. And a map in any buffer that comes
// from elsewhere.
//
//     MapProblem problem;
//     SharedMap *map = shared_map_open("/home/me/prices", 1 << 20, &problem);
//     if (map == NULL) {
//         fprintf(stderr, "prices: %s\n", map_problem_words(problem));
//         return 1;
//     }
//     shared_map_set_int(map, "usd", 100);
//     shared_map_close(&map);
//
// Who comes first makes the map, and all others share it; also when several
// come at once, or when the first one is killed on the way. It stays in the
// file when all have closed it, and whoever opens it then goes on with it.
//
// The file must be a plain one that belongs to us and that nobody but its owner
// may open: a new one is made so (mode 0600), and no other one is opened, nor
// through a symbolic link. On macOS a named object cannot be locked, and so is
// refused. The file system must be one of this machine, not of a network.
//
// Whoever opens a map has all of it looked at first. So what was damaged while
// nobody had it open, by whatever, is found then: nothing in it makes a call
// crash, hang, or read or write outside. What the last ones who had it open
// left half done, or locked, is put in order: when they were killed, and also
// when the machine was; but what was in memory only is lost then, and the map
// may be found damaged. It is shared memory, not a database.
//
// What is not promised. Whoever may write to the buffer of a map that is in use
// is trusted with it:
//
// - Whoever makes the file shorter then, kills whoever touches what is gone
//   (SIGBUS). Who opens it is told that it is damaged. That it may be so long
//   on this disk is seen to when it is made, where the system can.
// - If something writes to it other than these calls, what is got without the
//   lock may be anything, but it is got: get, has and type end, and stay in the
//   buffer, as long as the sizes in the map's first lines and those of its two
//   tables are untouched. Calls that take the lock trust the map that they were
//   shown.
// - The platform's mutex trusts its own bytes. Garbage there may hang a
//   process, end it, or make it write anywhere. Whoever opens a map that nobody
//   else has open makes it a new lock: garbage that was left in a file does no
//   harm. For all others the lock must be a lock.
// - Keys that collide do not slow a map down, because nobody can know which do
//   (siphash.h). Whoever has read the buffer can. A map that such a one made up
//   may be slow, at most as slow as if each call looked at all keys.

#ifndef COMMON_SHARED_MAP_FILE_H
#define COMMON_SHARED_MAP_FILE_H

#include "call_site.h"
#include "shared_map.h"

COMMON_BEGIN_C

// Why there is no map to be had.
typedef enum MapProblem {
    SHARED_MAP_NO_PROBLEM,
    SHARED_MAP_REFUSED,     // by the system: errno says why
    SHARED_MAP_NOT_OURS,    // a link, no plain file, or not ours alone
    SHARED_MAP_TOO_SMALL,   // no map fits in so many bytes
    SHARED_MAP_UNKNOWN,     // there is something else, or nothing yet
    SHARED_MAP_OTHER_KIND,  // a map of another version, or another kind of
                            // program
    SHARED_MAP_DAMAGED      // a map that was cut off, or is not whole
} MapProblem;

// In a few words; of SHARED_MAP_REFUSED, those of errno.
const char *map_problem_words(MapProblem problem);

// Opens the map in this file. If there is none it makes one, with a buffer of
// so many bytes, which the file takes from then on; 0 bytes: then it makes
// none. A map that is there keeps its size. Returns NULL, and says why, when
// there is no map to be had; `problem` may be NULL. What is no map is left as
// it was, unless that is nothing, or what is left of one who was killed on
// making a map.
//
// As often as a process opens a map, so often it closes it. A child process
// has its parent's maps open, too. The file stays open (close-on-exec): who
// closes descriptors that are not theirs tells the others that they are gone.
SharedMap *shared_map_open(const char *path, size_t bytes, MapProblem *problem);

// The same in a named object of shared memory, which lives until it is removed
// or the machine is restarted. The name has no slashes.
SharedMap *shared_map_open_memory(const char *name, size_t bytes,
                                  MapProblem *problem);

// Ends this process's use of a map that was opened, and leaves NULL behind: a
// call with that ends the process with a word about it. Others go on.
void shared_map_close(SharedMap **map);

// Takes the name away. Those who have the map open keep it, and the next one
// who opens that name gets a new map. Returns false if the system refuses:
// errno says why.
bool shared_map_remove(const char *path);
bool shared_map_remove_memory(const char *name);

// The map in a buffer of `size` bytes that may hold anything: what
// shared_map_attach is to a buffer of which you know where it comes from. It is
// looked at as in opening, but must have a lock. Needs no freeing. Returns
// NULL, and says why, if there is no map to be had.
SharedMap *shared_map_attach_checked(void *buffer, size_t size,
                                     MapProblem *problem);

// The library's own files go without (call_site.h).
#ifndef IN_COMMON
#define shared_map_open(...)                                                   \
    COMMON_CALLED_FROM_HERE(shared_map_open, #__VA_ARGS__, __VA_ARGS__)
#define shared_map_open_memory(...)                                            \
    COMMON_CALLED_FROM_HERE(shared_map_open_memory, #__VA_ARGS__, __VA_ARGS__)
#define shared_map_close(...)                                                  \
    COMMON_CALLED_FROM_HERE(shared_map_close, #__VA_ARGS__, __VA_ARGS__)
#define shared_map_attach_checked(...)                                         \
    COMMON_CALLED_FROM_HERE(shared_map_attach_checked, #__VA_ARGS__,           \
                            __VA_ARGS__)
#endif

COMMON_END_C

#endif
