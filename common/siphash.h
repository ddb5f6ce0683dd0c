// SipHash-1-3: a hash of bytes under a secret key. Whoever does not know the
// key cannot find keys that collide, so nobody can slow a map down by choice of
// its keys.

#ifndef SIPHASH_H
#define SIPHASH_H

#include <stddef.h>
#include <stdint.h>

uint64_t siphash(const uint64_t key[2], const void *bytes, size_t size);

#endif
