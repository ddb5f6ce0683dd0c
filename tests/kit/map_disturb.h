// Shared by the tests of lock-free calls: threads that disturb them, with keys
// and texts that come and go.

#ifndef MAP_DISTURB_H
#define MAP_DISTURB_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "map_threads.h"
#include "shared_map.h"

enum { ROUNDS = 50 * 1000, LONGEST = 400 };

// Keys and texts that come and go, so that a small map moves every few calls.
static inline void come_and_go(SharedMap *map, long long thread,
                               unsigned *random)
{
    char key[40], text[LONGEST + 1];
    snprintf(key, sizeof key, "%lld, of a thread, %u", thread,
             random_below(random, 4));
    size_t size = random_below(random, 100);
    memset(text, 'x', size);
    text[size] = '\0';
    CHECK(shared_map_set_text(map, key, text));
    if (random_below(random, 3) == 0)
        CHECK(shared_map_delete(map, key));
    if (random_below(random, 50) == 0)
        free(shared_map_entries(map));
}

static inline SharedMap *small_map(void)
{
    return shared_map_new_sized(10 * 1000);
}

enum { KEYS = 8 };

static const char *const keys[KEYS] = { "a",
                                        "b",
                                        "c",
                                        "d",
                                        "key e",
                                        "key f",
                                        "a name longer than short ones",
                                        "another name longer than those" };

#endif
