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
// The first process makes the map, and all others share it. That is so also
// when several processes start at the same time, or when the first one is
// killed on the way. The map stays in the file when all processes have closed
// it; the next process that opens it goes on with it.
//
// The file must be a plain one that belongs to this user and that only its
// owner may open. A new file is made so (mode 0600). Any other file is refused,
// and so is a symbolic link. On macOS and FreeBSD, where named memory cannot be
// locked, it is a file in /tmp. The file system must be one of this machine,
// not of a network.
//
// After fork: a child has its parent's maps, and closes each of them for
// itself.
//
// In a signal handler: no call may be made.
//
// A second end: shared_map_close leaves NULL behind, and a call with NULL ends
// the process with a message. A call through another pointer to a closed map is
// a use of memory that is not there.
//
// Descriptors and limits: no file of the library has a descriptor below 3, so a
// program without stdout or stderr prints into no map. Opening needs one
// descriptor, no folder /dev, and sends no signal: a file longer than ulimit -f
// is EFBIG, and a full disk ENOSPC.
//
// A process that opens a map waits for another one that is making or checking
// it, however many wait; if that one is killed, the next one takes its place.
// Without a deadline it waits as long as the other one is stopped.
//
// Opening a map checks all of it first. So damage that was done while no
// process had it open is found then, whatever did it: no content of the file
// makes a call crash, hang, or read or write outside. If processes that had the
// map open were killed, the open also completes or drops the changes that they
// left half done, and the lock that they held. The same is true if the machine
// was switched off; but then changes that were only in memory are lost, and the
// map may be found damaged. It is shared memory, not a database.
//
// Not promised. A process that may write to the buffer of a map in use is
// trusted with it:
//
// - Truncating a mapped file kills every process that touches the missing part
//   (SIGBUS). A process that opens the file then finds it damaged. The room on
//   the disk is reserved when the map is made, and for a copy with holes when
//   it is opened, where the system can do that.
// - If something other than these calls writes to the buffer, then get, has and
//   type may return anything, as long as they take no lock. But they return,
//   and stay in the buffer, while the sizes in the map's first lines and those
//   of its two tables are untouched. Calls that take the lock trust the map
//   that was checked.
// - The platform's mutex trusts its own bytes. Garbage there may hang, or end,
//   a process, or make it write anywhere. A process that opens a map which no
//   other process has open makes it a new lock, so garbage that was left in a
//   file does no harm. For all other processes the lock must be a lock.
// - Keys that collide do not slow a map down: without the map's secret numbers
//   an attacker cannot find such keys (hash flooding, map/siphash.h). A reader
//   of the buffer can. A map made up by such an attacker may be slow, at most
//   as slow as if each call looked at all keys.

#ifndef COMMON_SHARED_MAP_FILE_H
#define COMMON_SHARED_MAP_FILE_H

#include "call_site.h"
#include "deadline.h"
#include "shared_map.h"

COMMON_BEGIN_C

// Why a call returned no map.
typedef enum MapProblem {
    SHARED_MAP_NO_PROBLEM,
    SHARED_MAP_REFUSED,     // by the system: errno holds the reason
    SHARED_MAP_NOT_OURS,    // a link, no plain file, or not ours alone
    SHARED_MAP_TOO_SMALL,   // no map fits in so many bytes
    SHARED_MAP_UNKNOWN,     // the file holds something else, or nothing yet
    SHARED_MAP_OTHER_KIND,  // a map of another version, or another kind of
                            // program
    SHARED_MAP_DAMAGED,     // a map that was cut off, or is not whole
    SHARED_MAP_BUSY         // another process is inside an open, or a call
} MapProblem;

// The problem in a few words; for SHARED_MAP_REFUSED, those of errno.
const char *map_problem_words(MapProblem problem);

// Opens the map in this file. If the file holds no map, the call makes one,
// with a buffer of `bytes` bytes, which the file takes from then on; with 0
// bytes it makes none. A map that exists keeps its size. On failure the call
// returns NULL and stores the reason in *problem; `problem` may be NULL. A file
// that holds something else is never changed. An empty file, or one left by a
// process that was killed while creating a map, is reused.
//
// A process must close a map as often as it opens it. A child process has its
// parent's maps open, too. The file stays open (close-on-exec). A program that
// closes file descriptors which it did not open makes other processes believe
// that it no longer uses the map.
SharedMap *shared_map_open(const char *path, size_t bytes, MapProblem *problem);

// The same in a named object of shared memory, which lives until it is removed
// or the machine is restarted. The name has no slashes.
SharedMap *shared_map_open_memory(const char *name, size_t bytes,
                                  MapProblem *problem);

// The same, but they wait for other processes until the deadline at most: for
// one that is stopped while it makes or checks the map, or inside a call. Then
// the problem is SHARED_MAP_BUSY.
SharedMap *shared_map_open_until(const char *path, size_t bytes,
                                 MapProblem *problem, Deadline deadline);
SharedMap *shared_map_open_memory_until(const char *name, size_t bytes,
                                        MapProblem *problem, Deadline deadline);

// Opens the map in this file only to read it, which a file of mode 0400 allows,
// too. It sees what other processes change. get, has, type, size, entries,
// for_each, print and copy_to work; a call that would change the map ends the
// process with a message. No call takes the map's lock: so entries, for_each,
// print and copy_to may give entries of several moments, and a call that other
// processes disturb all the time fails, with errno ETIMEDOUT. Opening checks
// the sizes, and not all of the map: of a damaged one a call may return
// anything. It keeps no process from being alone with the map.
SharedMap *shared_map_open_read_only(const char *path, MapProblem *problem);

// Ends this process's use of a map that was opened, and sets the pointer to
// NULL: a later call with that ends the process with a message. Other processes
// go on.
void shared_map_close(SharedMap **map);

// Copies a map, which other threads and processes may use meanwhile, to a file
// of the map's size and of mode 0600: the entries of one moment, in their
// order. The copy takes the place of a file that is there; a process that has
// that one open keeps it. On failure the call returns false, stores the reason
// in *problem, which may be NULL, and leaves that file as it was. The copy is
// another map. So is the one that cp makes of a file; but of a map in use cp
// copies each part at another moment: such a copy may be found damaged, or have
// one change and miss an earlier one.
bool shared_map_copy_to(SharedMap *map, const char *path, MapProblem *problem);

// Removes the name. Processes that have the map open keep it; the next process
// that opens that name gets a new map. Returns false if the system refuses:
// errno holds the reason.
bool shared_map_remove(const char *path);
bool shared_map_remove_memory(const char *name);

// The map in a buffer of `size` bytes that may hold anything; shared_map_attach
// is for a buffer whose origin the program knows. The buffer is checked as in
// opening, but its lock must be a lock. The map needs no freeing. On failure
// the call returns NULL and stores the reason in *problem, which may be NULL.
SharedMap *shared_map_attach_checked(void *buffer, size_t size,
                                     MapProblem *problem);

// The library's own files go without (call_site.h).
#ifndef IN_COMMON
#define shared_map_open(...)                                                   \
    COMMON_CALLED_FROM_HERE(shared_map_open, #__VA_ARGS__, __VA_ARGS__)
#define shared_map_open_memory(...)                                            \
    COMMON_CALLED_FROM_HERE(shared_map_open_memory, #__VA_ARGS__, __VA_ARGS__)
#define shared_map_open_until(...)                                             \
    COMMON_CALLED_FROM_HERE(shared_map_open_until, #__VA_ARGS__, __VA_ARGS__)
#define shared_map_open_read_only(...)                                         \
    COMMON_CALLED_FROM_HERE(shared_map_open_read_only, #__VA_ARGS__,           \
                            __VA_ARGS__)
#define shared_map_open_memory_until(...)                                      \
    COMMON_CALLED_FROM_HERE(shared_map_open_memory_until, #__VA_ARGS__,        \
                            __VA_ARGS__)
#define shared_map_close(...)                                                  \
    COMMON_CALLED_FROM_HERE(shared_map_close, #__VA_ARGS__, __VA_ARGS__)
#define shared_map_copy_to(...)                                                \
    COMMON_CALLED_FROM_HERE(shared_map_copy_to, #__VA_ARGS__, __VA_ARGS__)
static inline SharedMap *common_map_attach_checked(const char *place,
                                                   void *buffer, size_t size,
                                                   MapProblem *problem)
{
    COMMON_NOTE_CALL(around, place);
    return shared_map_attach_checked(buffer, size, problem);
}

#define shared_map_attach_checked(...)                                         \
    common_map_attach_checked(                                                 \
        COMMON_PLACE("shared_map_attach_checked(" #__VA_ARGS__ ")"),           \
        __VA_ARGS__)
#endif

COMMON_END_C

#endif
