// A look at a map that is in vain again and again, because the map moves every
// time, is done with the lock in the end. This program brings its own
// shared_map_values.c, in which the looks fail as often as we like.

#define IN_COMMON
#include <stdlib.h>

#include "map/map_block.h"

static int bad_luck, looks;  // how many more will fail; how many there were

static bool locked;  // the last look was with the lock

static bool is_unlucky(const Block *block)
{
    pthread_mutex_t *mutex = (pthread_mutex_t *)&block->lock.mutex;
    locked = pthread_mutex_trylock(mutex) != 0;
    if (!locked)
        pthread_mutex_unlock(mutex);
    looks++;
    if (bad_luck == 0)
        return false;
    bad_luck--;
    return true;
}

static bool try_look(const Block *block, const Key *key, Found *found)
{
    if (is_unlucky(block)) {
        *found = (Found){ .word = WORD_TRUE };
        return false;
    }
    return block_look(block, key, found);
}

static bool try_read(const Block *block, const Key *key, Value *value,
                     void *buffer, size_t room)
{
    if (is_unlucky(block)) {
        *value = value_bool(true);
        return false;
    }
    return block_read(block, key, value, buffer, room);
}

#define block_look try_look
#undef block_read  // names.h
#define block_read try_read
#include "map/shared_map_values.c"

#include "map_alone.h"
#include "map_checks.h"

// Enough for the lock, in which the next look is not in vain.
static void be_unlucky(void)
{
    bad_luck = TRIES;
    looks = 0;
}

TEST(read, "a text that changes at every look is read with the lock")
{
    SharedMap *map = shared_map_new();
    CHECK(shared_map_set_text(map, "key", "text"));
    Key key;
    char buffer[4];
    map_enter_key(map, &key, "key", 3);
    be_unlucky();
    Value value;
    CHECK(map_read(map, &key, &value, buffer, sizeof buffer));
    CHECK_INT(looks, TRIES + 1);
    CHECK(locked);
    CHECK(value_equal(value, value_text("text")));
    CHECK(shared_map_delete(map, "key"));  // the lock is free again
    shared_map_free(&map);
}

TEST(look_in_vain,
     "a key in a map that moves at every look is found with the lock")
{
    SharedMap *map = map_with_int(7);
    Key key;
    Found found;
    map_enter_key(map, &key, "key", 3);
    be_unlucky();
    CHECK(map_look_again(map, &key, &found));
    CHECK_INT(looks, TRIES + 1);
    CHECK(locked);
    CHECK_INT(word_value(found.word).integer, 7);
    CHECK(shared_map_delete(map, "key"));
    shared_map_free(&map);
}

TEST(first_look, "without bad luck one look is enough, and takes no lock")
{
    SharedMap *map = map_with_int(7);
    CHECK(shared_map_set_text(map, "text", ""));
    Key key;
    Found found;
    map_enter_key(map, &key, "key", 3);
    lock_map_block(&map->block);
    looks = 0;
    map_look_again(map, &key, &found);
    CHECK_INT(looks, 1);
    map_enter_key(map, &key, "text", 4);
    Value value;
    CHECK(map_read(map, &key, &value, NULL, 0));
    CHECK(value_equal(value, value_text("")));
    CHECK_INT(looks, 2);
    block_unlock(&map->block);
    shared_map_free(&map);
}

TEST(calls, "every call gets what there is, however unlucky its first looks")
{
    SharedMap *map = shared_map_new();
    CHECK(shared_map_set_real(map, "real", 0.5));
    CHECK(shared_map_set_text(map, "text", "text"));
    double real = 0;
    Value value = value_none();
    be_unlucky();
    CHECK(shared_map_get_real(map, "real", &real));
    CHECK(real == 0.5);
    be_unlucky();
    CHECK(!shared_map_has(map, "missing"));
    be_unlucky();
    CHECK(shared_map_set_bool(map, "real", true));
    be_unlucky();
    CHECK(shared_map_get(map, "text", &value));
    CHECK(value_equal(value, value_text("text")));
    value_free(&value);
    check_value(map, "real", value_bool(true));
    shared_map_free(&map);
}
