// A file that several processes map, of which each knows whether it is alone
// with it.

#ifndef SHARED_FILE_H
#define SHARED_FILE_H

#include "base/names.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// All of these return false or -1, and set errno, when the system refuses.

// Opens it for reading and writing, and makes an empty one, of mode 0600, if
// `make` says so. Never through a symbolic link: errno is ELOOP then, whatever
// the system's own word for it.
int shared_file_open(const char *path, bool make);
bool shared_file_remove(const char *path);

// The same for a named object of shared memory. The name has no slashes.
int shared_memory_open(const char *name, bool make);
bool shared_memory_remove(const char *name);

// Says whether it is a plain file of ours that only its owner may open, and how
// long it is.
bool shared_file_look(int file, bool *ours, uint64_t *size);

// A lock on the file, which ends with the last process that has it. Everybody
// who uses the file holds it shared; who holds it alone knows that nobody does.
// Taking one gives up the other, and for a moment there may be none in between.
bool shared_file_try_alone(int file);  // errno EWOULDBLOCK: we are not
bool shared_file_share(int file);
bool shared_file_unlock(int file);

// Makes the file so long, of zeros, and sees to it that there is room on the
// disk, where the system can do that.
bool shared_file_reserve(int file, size_t size);

// Maps it; NULL as above. Then says which file it was; -1 if none of these.
// Unmapping does not close it.
void *shared_file_map(int file, size_t size);
int shared_file_of(const void *memory);
bool shared_file_unmap(void *memory);

#endif
