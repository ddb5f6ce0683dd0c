// A map that threads, and processes, share. worker_map's WorkerMap.
//
//     SharedMap *map = shared_map_new();
//     shared_map_set_int(map, "usd", 100);
//     Worker *worker = worker_start(worker_main, shared_map_buffer(map));
//
//     // in the worker
//     SharedMap *map = shared_map_attach(self->worker_data);
//     shared_map_add(map, "usd", 300, NULL);
//
// All of it lies in one flat buffer without pointers. Keys are strings of any
// bytes. Values have a type, and any size; a real comes back bit for bit, NaN
// and -0 too (value.h). Keys keep the order in which they were set first; one
// that is deleted and set again goes to the end.
//
// Each call is atomic (linearizable), and any thread may make it at any time.
// Two calls together are not: set(get + 1) loses the values that other threads
// set in between, a race condition. For that there are add, compare_and_set,
// set_if_absent and update. Values come out as copies: no thread holds a
// reference into the map.
//
// As a rule no lock is taken to get a value, or to look at its key in any other
// way; nor to set, add to or compare and set a number, true, false or null
// where there is such a value. All other changes, and all calls that look at
// the whole map, take turns.
//
// The map grows in place, up to a maximum. When it is full, calls that would
// add to it fail, and change nothing; calls that set a longer text or more
// bytes may fail too, because the new ones need room beside the old ones. Where
// the platform has robust mutexes (Linux, FreeBSD), a process or a thread that
// is killed in the middle of a call leaves the map unlocked and whole, with the
// old value or the new one; elsewhere it leaves the map locked.
//
// A process that is stopped in the middle of a call keeps the calls that take
// turns waiting; shared_map_wait_at_most bounds that.
//
// A child of fork uses its parent's maps in shared memory, also when another
// thread was in the middle of a call. Of a map in private memory (a static
// buffer, or malloc's) it has a copy, a map of its own: its first call that
// takes a turn puts that in order, or ends the process with a message if fork
// has copied a change in part. (Linux; elsewhere such a call may wait for the
// parent's thread: without limit, or as shared_map_wait_at_most says.)
//
// A second end: shared_map_free leaves NULL behind, and a call with NULL ends
// the process with a message. A call through another pointer to a freed map is
// a use of freed memory, and is not noticed.
//
// In a signal handler these are safe: set_int, set_real, set_bool, set_null,
// add, compare_and_set, get_int, get_real, get_bool, type and has, for a key
// whose old and new values are numbers, true, false or null (an integer of more
// than 47 bits does not count); also when the handler interrupts a call of the
// same map, but for shared_map_update. The other calls that allocate no memory
// (delete, clear, size, sets of new keys, text and bytes) may be made there
// too. But if the interrupted call has the map to itself at that moment, or if
// it is shared_map_update, they end the process with a message. The calls that
// allocate memory (get, get_text, update, and those that look at the whole map)
// may not be made.

#ifndef COMMON_SHARED_MAP_H
#define COMMON_SHARED_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "call_site.h"
#include "value.h"

COMMON_BEGIN_C

typedef struct SharedMap SharedMap;

// The result of a call that depends on the value that is there.
typedef enum MapResult {
    SHARED_MAP_OK,
    SHARED_MAP_DIFFERS,   // another value is there than the call expects
    SHARED_MAP_OVERFLOW,  // the sum does not fit in a long long
    SHARED_MAP_FULL,      // there is no room
    SHARED_MAP_TIMED_OUT  // see shared_map_wait_at_most
} MapResult;

// Making and sharing.

// Makes a map in memory of its own, which child processes share: a buffer of
// 64 MiB (16 MiB where addresses have 32 bits), of which only the used part
// takes memory.
SharedMap *shared_map_new(void);

// The same with a buffer of `buffer_bytes` bytes. The map can hold seven
// sixteenths of that, and no more than 3.5 GiB: it needs the other half to move
// to when it tidies up, and an eighth of its own half so that it seldom has to.
// So a call takes about as long when the map is full as when it is half full.
SharedMap *shared_map_new_sized(size_t buffer_bytes);

// Makes a map in memory of the caller: `size` bytes, aligned for any type.
SharedMap *shared_map_new_in(void *buffer, size_t size);

// The buffer, to be given to another thread, or mapped in another process.
void *shared_map_buffer(SharedMap *map);

// The map in a buffer, which must hold a map that these calls made:
// shared_map_file.h has the same for any buffer, and for files. It needs no
// freeing.
SharedMap *shared_map_attach(void *buffer);

// Frees the map and its buffer, unless the buffer is the caller's, and sets the
// pointer to NULL: a later call with that ends the process with a message. Only
// the process that made the map calls this, when no thread uses it any more.
void shared_map_free(SharedMap **map);

// Sets, for all users of the map, how long a call waits for its turn while
// another thread or process (perhaps a stopped one) has the map to itself: in
// milliseconds; less than 0, as at first, without limit. A call that has waited
// so long changes nothing, returns the value of a failure (false, 0, NULL,
// VALUE_NONE, SHARED_MAP_TIMED_OUT), and sets errno to ETIMEDOUT. A call that
// looks at one key waits only when other threads change the map very often.
void shared_map_wait_at_most(SharedMap *map, long long milliseconds);

// Setting. All return false, and change nothing, when the map is full: then
// errno is ENOSPC.

bool shared_map_set_int(SharedMap *map, const char *key, long long integer);
bool shared_map_set_real(SharedMap *map, const char *key, double real);
bool shared_map_set_bool(SharedMap *map, const char *key, bool boolean);
bool shared_map_set_null(SharedMap *map, const char *key);
bool shared_map_set_text(SharedMap *map, const char *key, const char *text);
bool shared_map_set_bytes(SharedMap *map, const char *key, const void *bytes,
                          size_t size);

// Any value but VALUE_NONE and VALUE_ERROR, which cannot be stored.
bool shared_map_set(SharedMap *map, const char *key, Value value);

// Getting. All return false, and leave *value as it is, when the key is missing
// or has a value of another type.

bool shared_map_get_int(SharedMap *map, const char *key, long long *integer);
bool shared_map_get_real(SharedMap *map, const char *key, double *real);
bool shared_map_get_bool(SharedMap *map, const char *key, bool *boolean);

// Copies the text and its NUL to the caller's buffer of `size` bytes. Returns
// false also when it is longer.
bool shared_map_get_text(SharedMap *map, const char *key, char *buffer,
                         size_t size);

// A value of any type. Text and bytes are a copy that belongs to the caller:
// end it with value_free.
bool shared_map_get(SharedMap *map, const char *key, Value *value);

// The type of the key's value; VALUE_NONE when the key is missing.
ValueType shared_map_type(SharedMap *map, const char *key);

bool shared_map_has(SharedMap *map, const char *key);

// Deletes the key. Returns whether the key was there.
bool shared_map_delete(SharedMap *map, const char *key);

// Deletes all keys. Returns false only when it timed out.
bool shared_map_clear(SharedMap *map);

// The number of keys.
size_t shared_map_size(SharedMap *map);

// Atomic updates.

// Adds to an integer, which counts as 0 when the key is missing, and stores the
// sum in *sum unless `sum` is NULL. SHARED_MAP_DIFFERS: the value is no
// integer.
MapResult shared_map_add(SharedMap *map, const char *key, long long amount,
                         long long *sum);

// Sets the key to `desired` if its value equals `expected` (see value_equal).
// VALUE_NONE stands for a missing key on both sides: as `desired` it deletes.
MapResult shared_map_compare_and_set(SharedMap *map, const char *key,
                                     Value expected, Value desired);

// Sets the key if it is missing. SHARED_MAP_DIFFERS: the key is there.
MapResult shared_map_set_if_absent(SharedMap *map, const char *key,
                                   Value value);

// Changes a private copy of a value, VALUE_NONE for a missing key. It may put
// any value there, VALUE_NONE to delete the key; text or bytes of the new value
// must live until shared_map_update returns. Text or bytes of the old value may
// only be read. Returns false to leave the key as it is.
typedef bool MapChange(Value *value, void *context);

// Sets the key to the value that `change` makes of its value. As a rule no lock
// is held while `change` runs. When another thread sets the key in the
// meantime, `change` is called again with the new value: it should do nothing
// but compute. After ten such calls the update takes turns: calls of other
// threads that set this key, or take turns, wait until `change` has run once
// more. So `change` must not wait for a thread that uses the map. A `change`
// that has called another map never gets such a turn, or two of them could wait
// for each other. Calling the same map from inside `change` is a bug, and ends
// the process with a message. SHARED_MAP_DIFFERS: `change` returned false.
MapResult shared_map_update(SharedMap *map, const char *key, MapChange *change,
                            void *context);

// Looking at the whole map.

// One key and its value. `key` ends with a NUL, which key_size leaves out.
typedef struct MapEntry {
    const char *key;
    size_t key_size;  // bytes
    Value value;
} MapEntry;

// The entries at one moment, in their order: one allocation, which the caller
// ends with free().
typedef struct MapEntries {
    size_t count;
    MapEntry
        *at;  // `count` entries, and behind them their keys, text and bytes
} MapEntries;

// NULL only when the call timed out.
MapEntries *shared_map_entries(SharedMap *map);

// Calls `visit` for each entry of the map at the time of the call. No lock is
// held: `visit` may make any call of the map.
void shared_map_for_each(SharedMap *map,
                         void (*visit)(const MapEntry *entry, void *context),
                         void *context);

// Prints the map and a newline as Node's console.log shows an object:
// { owner: 'Elon', usd: 99 }
// or, when that is too wide for a line, with each entry on a line of its own.
// As with printf, fflush and ferror say whether all of it could be written.
// Prints nothing when the call timed out.
void shared_map_print(SharedMap *map, FILE *file);

// The same for keys that may contain NUL bytes: `key_size` bytes at `key`.

bool shared_map_set_n(SharedMap *map, const void *key, size_t key_size,
                      Value value);
bool shared_map_get_n(SharedMap *map, const void *key, size_t key_size,
                      Value *value);
bool shared_map_has_n(SharedMap *map, const void *key, size_t key_size);
bool shared_map_delete_n(SharedMap *map, const void *key, size_t key_size);
MapResult shared_map_compare_and_set_n(SharedMap *map, const void *key,
                                       size_t key_size, Value expected,
                                       Value desired);
MapResult shared_map_update_n(SharedMap *map, const void *key, size_t key_size,
                              MapChange *change, void *context);

// The library's own files go without (call_site.h).
#ifndef IN_COMMON
#define shared_map_new() COMMON_CALLED_FROM_HERE(shared_map_new, "", )

// The map keeps the address of the buffer (call_site.h).
static inline SharedMap *common_map_new_in(const char *place, void *buffer,
                                           size_t size)
{
    COMMON_NOTE_CALL(around, place);
    return shared_map_new_in(buffer, size);
}

static inline SharedMap *common_map_attach(const char *place, void *buffer)
{
    COMMON_NOTE_CALL(around, place);
    return shared_map_attach(buffer);
}

#define shared_map_new_sized(...)                                              \
    COMMON_CALLED_FROM_HERE(shared_map_new_sized, #__VA_ARGS__, __VA_ARGS__)
#define shared_map_new_in(...)                                                 \
    common_map_new_in(COMMON_PLACE("shared_map_new_in(" #__VA_ARGS__ ")"),     \
                      __VA_ARGS__)
#define shared_map_buffer(...)                                                 \
    COMMON_CALLED_FROM_HERE(shared_map_buffer, #__VA_ARGS__, __VA_ARGS__)
#define shared_map_attach(...)                                                 \
    common_map_attach(COMMON_PLACE("shared_map_attach(" #__VA_ARGS__ ")"),     \
                      __VA_ARGS__)
#define shared_map_free(...)                                                   \
    COMMON_CALLED_FROM_HERE(shared_map_free, #__VA_ARGS__, __VA_ARGS__)
#define shared_map_wait_at_most(...)                                           \
    COMMON_CALLED_FROM_HERE(shared_map_wait_at_most, #__VA_ARGS__, __VA_ARGS__)
#define shared_map_set_int(...)                                                \
    COMMON_CALLED_FROM_HERE(shared_map_set_int, #__VA_ARGS__, __VA_ARGS__)
#define shared_map_set_real(...)                                               \
    COMMON_CALLED_FROM_HERE(shared_map_set_real, #__VA_ARGS__, __VA_ARGS__)
#define shared_map_set_bool(...)                                               \
    COMMON_CALLED_FROM_HERE(shared_map_set_bool, #__VA_ARGS__, __VA_ARGS__)
#define shared_map_set_null(...)                                               \
    COMMON_CALLED_FROM_HERE(shared_map_set_null, #__VA_ARGS__, __VA_ARGS__)
#define shared_map_set_text(...)                                               \
    COMMON_CALLED_FROM_HERE(shared_map_set_text, #__VA_ARGS__, __VA_ARGS__)
#define shared_map_set_bytes(...)                                              \
    COMMON_CALLED_FROM_HERE(shared_map_set_bytes, #__VA_ARGS__, __VA_ARGS__)
#define shared_map_set(...)                                                    \
    COMMON_CALLED_FROM_HERE(shared_map_set, #__VA_ARGS__, __VA_ARGS__)
#define shared_map_get_int(...)                                                \
    COMMON_CALLED_FROM_HERE(shared_map_get_int, #__VA_ARGS__, __VA_ARGS__)
#define shared_map_get_real(...)                                               \
    COMMON_CALLED_FROM_HERE(shared_map_get_real, #__VA_ARGS__, __VA_ARGS__)
#define shared_map_get_bool(...)                                               \
    COMMON_CALLED_FROM_HERE(shared_map_get_bool, #__VA_ARGS__, __VA_ARGS__)
#define shared_map_get_text(...)                                               \
    COMMON_CALLED_FROM_HERE(shared_map_get_text, #__VA_ARGS__, __VA_ARGS__)
#define shared_map_get(...)                                                    \
    COMMON_CALLED_FROM_HERE(shared_map_get, #__VA_ARGS__, __VA_ARGS__)
#define shared_map_type(...)                                                   \
    COMMON_CALLED_FROM_HERE(shared_map_type, #__VA_ARGS__, __VA_ARGS__)
#define shared_map_has(...)                                                    \
    COMMON_CALLED_FROM_HERE(shared_map_has, #__VA_ARGS__, __VA_ARGS__)
#define shared_map_delete(...)                                                 \
    COMMON_CALLED_FROM_HERE(shared_map_delete, #__VA_ARGS__, __VA_ARGS__)
#define shared_map_clear(...)                                                  \
    COMMON_CALLED_FROM_HERE(shared_map_clear, #__VA_ARGS__, __VA_ARGS__)
#define shared_map_size(...)                                                   \
    COMMON_CALLED_FROM_HERE(shared_map_size, #__VA_ARGS__, __VA_ARGS__)
#define shared_map_add(...)                                                    \
    COMMON_CALLED_FROM_HERE(shared_map_add, #__VA_ARGS__, __VA_ARGS__)
#define shared_map_compare_and_set(...)                                        \
    COMMON_CALLED_FROM_HERE(shared_map_compare_and_set, #__VA_ARGS__,          \
                            __VA_ARGS__)
#define shared_map_set_if_absent(...)                                          \
    COMMON_CALLED_FROM_HERE(shared_map_set_if_absent, #__VA_ARGS__, __VA_ARGS__)
#define shared_map_update(...)                                                 \
    COMMON_CALLED_FROM_HERE(shared_map_update, #__VA_ARGS__, __VA_ARGS__)
#define shared_map_entries(...)                                                \
    COMMON_CALLED_FROM_HERE(shared_map_entries, #__VA_ARGS__, __VA_ARGS__)
#define shared_map_for_each(...)                                               \
    COMMON_CALLED_FROM_HERE(shared_map_for_each, #__VA_ARGS__, __VA_ARGS__)
#define shared_map_print(...)                                                  \
    COMMON_CALLED_FROM_HERE(shared_map_print, #__VA_ARGS__, __VA_ARGS__)
#define shared_map_set_n(...)                                                  \
    COMMON_CALLED_FROM_HERE(shared_map_set_n, #__VA_ARGS__, __VA_ARGS__)
#define shared_map_get_n(...)                                                  \
    COMMON_CALLED_FROM_HERE(shared_map_get_n, #__VA_ARGS__, __VA_ARGS__)
#define shared_map_has_n(...)                                                  \
    COMMON_CALLED_FROM_HERE(shared_map_has_n, #__VA_ARGS__, __VA_ARGS__)
#define shared_map_delete_n(...)                                               \
    COMMON_CALLED_FROM_HERE(shared_map_delete_n, #__VA_ARGS__, __VA_ARGS__)
#define shared_map_compare_and_set_n(...)                                      \
    COMMON_CALLED_FROM_HERE(shared_map_compare_and_set_n, #__VA_ARGS__,        \
                            __VA_ARGS__)
#define shared_map_update_n(...)                                               \
    COMMON_CALLED_FROM_HERE(shared_map_update_n, #__VA_ARGS__, __VA_ARGS__)
#endif

COMMON_END_C

#endif
