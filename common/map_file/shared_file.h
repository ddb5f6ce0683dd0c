// A file, or a named object of shared memory, that several processes map. Each
// of them knows whether it is alone with it.

#ifndef SHARED_FILE_H
#define SHARED_FILE_H

#include "base/names.h"

// All of these return false, -1 or NULL, and set errno, if the system refuses.

// The ways to open a file.
typedef enum FileUse {
    FILE_READ,  // only to read it
    FILE_FIND,  // to read and write it
    FILE_MAKE  // the same, and makes an empty one of mode 0600 if there is none
} FileUse;

// Opens a file. Never through a symbolic link: then errno is ELOOP, on every
// system. An object of shared memory has a name without slashes for a path.
int shared_file_open(const char *path, bool is_memory, FileUse use);
bool shared_file_remove(const char *path, bool is_memory);

// Finds whether it is a plain file of this user that only its owner may open,
// and its size.
bool shared_file_look(int file, bool *ours, uint64_t *size);

// A lock on the file, which ends with the last process that has it. Every user
// of the file holds it shared; a process that holds it alone knows that there
// are no others. Taking one kind gives up the other, and for a moment the
// process may have neither, or in the end. Never waits: then errno is
// EWOULDBLOCK. Giving it up never fails.
typedef enum FileLock { FILE_UNLOCKED, FILE_SHARED, FILE_ALONE } FileLock;

bool shared_file_lock(int file, FileLock lock);

// Whether this process may write a file of so many bytes (ulimit -f). A write
// that it may not do would end it (SIGXFSZ).
bool shared_file_may_have(uint64_t size);

// Gives the file room on the disk for `size` bytes, where the system can do
// that. A file that was shorter gets zeros.
bool shared_file_reserve(int file, uint64_t size);

// Maps the file. The others are for such a mapping: shared_file_of returns
// its file, or -1 for other memory; unmapping does not close it.
void *shared_file_map(int file, uint64_t bytes, FileUse use);
int shared_file_of(const void *memory);
bool shared_file_is_read_only(const void *memory);
bool shared_file_unmap(void *memory);

#endif
