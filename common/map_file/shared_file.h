// A file, or a named object of shared memory, that several processes map. Each
// of them knows whether it is alone with it.

#ifndef SHARED_FILE_H
#define SHARED_FILE_H

#include "base/names.h"

// All of these return false, -1 or NULL, and set errno, if the system refuses.

// Opens a file for reading and writing, and makes an empty one of mode 0600 if
// `make` says so. Never through a symbolic link: then errno is ELOOP, on every
// system. An object of shared memory has a name without slashes for a path.
int shared_file_open(const char *path, bool is_memory, bool make);
bool shared_file_remove(const char *path, bool is_memory);

// Finds whether it is a plain file of this user that only its owner may open,
// and its size.
bool shared_file_look(int file, bool *ours, uint64_t *size);

// A lock on the file, which ends with the last process that has it. Every user
// of the file holds it shared; a process that holds it alone knows that there
// are no others. Taking one kind gives up the other, and for a moment the
// process may have neither. Does not wait for a lock alone: then errno is
// EWOULDBLOCK.
bool shared_file_lock(int file, bool alone);

// Makes the file `size` bytes long, of zeros, with room for them on the disk,
// where the system can do that.
bool shared_file_reserve(int file, size_t size);

// Maps the file. shared_file_of returns the file of a mapping, or -1 for other
// memory. Unmapping does not close it.
void *shared_file_map(int file, size_t size);
int shared_file_of(const void *memory);
bool shared_file_unmap(void *memory);

#endif
