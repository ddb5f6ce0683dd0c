// Maps that are opened only to be read.
#include "map_alone.h"
#include "shared_map_file.h"

#include <errno.h>
#include <signal.h>
#include <string.h>

#include "map/shared_map_internal.h"
#include "map_files.h"
#include "test.h"

static SharedMap *open_to_read(const char *path)
{
    MapProblem problem = SHARED_MAP_DAMAGED;
    SharedMap *map = shared_map_open_read_only(path, &problem);
    CHECK_TEXT(map_problem_words(problem),
               map_problem_words(SHARED_MAP_NO_PROBLEM));
    CHECK(map != NULL);
    return map;
}

static void check_all(SharedMap *map, int number)
{
    static const char *const keys[] = { "number", "text", "a long name of 20" };
    Value value;
    CHECK_INT(int_at(map, "number"), number);
    check_value(map, "text", value_text("text"));
    check_value(map, "a long name of 20", value_int(1LL << 60));
    CHECK(shared_map_has(map, "text") && !shared_map_has(map, "deleted"));
    CHECK(!shared_map_get(map, "missing", &value));
    CHECK_INT(shared_map_type(map, "text"), VALUE_TEXT);
    CHECK_INT(shared_map_size(map), 3);
    MapEntries *entries = shared_map_entries(map);
    CHECK_INT(entries->count, 3);
    for (int i = 0; i < 3; i++)
        CHECK_TEXT(entries->at[i].key, keys[i]);
    CHECK_TEXT(entries->at[1].value.text, "text");
    free(entries);
}

static void set_all(SharedMap *map, int number)
{
    CHECK(shared_map_set_int(map, "number", number));
    CHECK(shared_map_set_text(map, "deleted", "text"));
    CHECK(shared_map_set_text(map, "text", "text"));
    CHECK(shared_map_set_int(map, "a long name of 20", 1LL << 60));
    CHECK(shared_map_delete(map, "deleted"));
}

TEST(reads, "a map is read, and seen to change, with no right to write")
{
    const char *path = new_path();
    char copy[PATH_ROOM + 20];
    SharedMap *map = open_file(path);
    set_all(map, 1);
    CHECK(chmod(path, 0400) == 0);
    SharedMap *reader = open_to_read(path);
    check_all(reader, 1);
    CHECK(shared_map_set_int(map, "number", 2));
    check_all(reader, 2);
    // Whatever a writer is in the middle of, or was killed in.
    lock_map_block(&map->block);
    check_all(reader, 2);
    block_freeze(&map->block);
    check_all(reader, 2);
    block_thaw(&map->block);
    block_unlock(&map->block);
    snprintf(copy, sizeof copy, "%s.copy", path);
    CHECK(shared_map_copy_to(reader, copy, NULL));
    shared_map_print(reader, stdout);
    shared_map_close(&reader);
    shared_map_close(&map);
    CHECK(reader == NULL);
    map = shared_map_open(copy, 0, NULL);
    check_all(map, 2);
    shared_map_close(&map);
    remove_file(copy);
    remove_file(path);
}

TEST(alone, "a reader keeps no process from recovering the map")
{
    const char *path = new_path();
    SharedMap *map = open_file(path);
    set_all(map, 1);
    shared_map_close(&map);
    SharedMap *reader = open_to_read(path);
    char garbage[sizeof(SharedLock)];
    memset(garbage, 0x5a, sizeof garbage);
    write_file(path, garbage, sizeof garbage,
               offsetof(SharedMap, block) + offsetof(Block, lock));
    check_all(reader, 1);
    map = open_file(path);
    CHECK(shared_map_set_int(map, "number", 2));
    check_all(reader, 2);
    shared_map_close(&map);
    shared_map_close(&reader);
    remove_file(path);
}

static void write_on_and_on(const char *path)
{
    SharedMap *map = open_file(path);
    for (int i = 0;; i++) {
        shared_map_set_text(map, "text", i % 2 ? "one text" : "another text");
        shared_map_set_int(map, "comes and goes", i);
        shared_map_delete(map, "comes and goes");
    }
}

TEST(in_use, "a map that moves all the time can be read")
{
    const char *path = new_path();
    SharedMap *map = open_file(path);
    set_all(map, 1);
    pid_t writer = start_child(write_on_and_on, path);
    SharedMap *reader = open_to_read(path);
    for (int i = 0; i < test_rounds(2000); i++) {
        CHECK_INT(int_at(reader, "number"), 1);
        Value value = value_none();
        CHECK(shared_map_get(reader, "text", &value));
        CHECK(strstr(value.text, "text") != NULL);
        value_free(&value);
        MapEntries *entries = shared_map_entries(reader);
        CHECK(entries && entries->count >= 3 && entries->count <= 4);
        free(entries);
    }
    CHECK(kill(writer, SIGKILL) == 0 && waitpid(writer, NULL, 0) == writer);
    shared_map_close(&reader);
    shared_map_close(&map);
    remove_file(path);
}

TEST(refused, "what is no finished map, or another's, is refused")
{
    const char *path = new_path();
    MapProblem problem;
    CHECK(!shared_map_open_read_only(path, &problem));
    CHECK(problem == SHARED_MAP_REFUSED && errno == ENOENT);
    for (int i = 0; i < 3; i++) {
        const char *const starts[] = { "", "MapSoon", "A text, and no map." };
        write_file(path, starts[i], strlen(starts[i]) + (i > 0), 0);
        CHECK(!shared_map_open_read_only(path, &problem));
        CHECK_INT(problem, SHARED_MAP_UNKNOWN);
        remove_file(path);
    }
    shared_map_close(&(SharedMap *){ open_file(path) });
    CHECK(chmod(path, 0644) == 0);
    CHECK(!shared_map_open_read_only(path, &problem));
    CHECK_INT(problem, SHARED_MAP_NOT_OURS);
    CHECK(chmod(path, 0600) == 0 && truncate(path, FILE_SIZE / 2) == 0);
    CHECK(!shared_map_open_read_only(path, &problem));
    CHECK_INT(problem, SHARED_MAP_DAMAGED);
    remove_file(path);
}

// Every call that changes a map

static SharedMap *read_only;

#define CALL(name, ...)                                                        \
    static void name(void)                                                     \
    {                                                                          \
        __VA_ARGS__;                                                           \
    }

CALL(set_int, shared_map_set_int(read_only, "number", 1))
CALL(set_text, shared_map_set_text(read_only, "number", "text"))
CALL(set_new, shared_map_set_null(read_only, "new"))
CALL(add, shared_map_add(read_only, "number", 1, NULL))
CALL(delete_it, shared_map_delete(read_only, "missing"))
CALL(compare,
     shared_map_compare_and_set(read_only, "a", value_none(), value_int(1)))
CALL(if_absent, shared_map_set_if_absent(read_only, "number", value_int(1)))
CALL(update, shared_map_update(read_only, "number", add_one, NULL))
CALL(clear, shared_map_clear(read_only))
CALL(wait_at_most, shared_map_wait_at_most(read_only, 5))

TEST(changes, "each call that changes a map ends the process, and says why")
{
    void (*const calls[])(void) = { set_int,   set_text,    set_new,   add,
                                    delete_it, compare,     if_absent, update,
                                    clear,     wait_at_most };
    const char *path = new_path();
    SharedMap *map = open_file(path);
    set_all(map, 1);
    read_only = open_to_read(path);
    for (size_t i = 0; i < COUNT(calls); i++)
        CHECK_DIES(calls[i], ": this map was opened read-only; open it with "
                             "shared_map_open to change it");
    check_all(map, 1);
    shared_map_close(&read_only);
    shared_map_close(&map);
    remove_file(path);
}

static void check_fails(const char *path, MapProblem expected)
{
    MapProblem problem = SHARED_MAP_NO_PROBLEM;
    CHECK(shared_map_open_read_only(path, &problem) == NULL);
    CHECK_INT(problem, expected);
}

// Writes one number of the head, and writes the old one back after the check.
static void check_head(const char *path, size_t at, MapProblem expected)
{
    uint32_t old, wrong;
    int file = open(path, O_RDONLY);
    CHECK(pread(file, &old, sizeof old, (off_t)at) == sizeof old);
    CHECK(close(file) == 0);
    wrong = old ^ 3;
    write_file(path, &wrong, sizeof wrong, at);
    check_fails(path, expected);
    write_file(path, &old, sizeof old, at);
}

TEST(no_map, "a file that is no whole map is not read, and the reason is told")
{
    const char *path = new_path();
    shared_map_close(&(SharedMap *){ open_file(path) });
    check_head(path, offsetof(SharedMap, layout), SHARED_MAP_OTHER_KIND);
    check_head(path, offsetof(SharedMap, owner), SHARED_MAP_DAMAGED);
    CHECK(truncate(path, FILE_SIZE + 4096) == 0);
    check_fails(path, SHARED_MAP_DAMAGED);
    CHECK(truncate(path, FILE_SIZE) == 0);
    shared_map_close(&(SharedMap *){ open_to_read(path) });
    CHECK(truncate(path, sizeof(SharedMap) - 1) == 0);
    check_fails(path, SHARED_MAP_DAMAGED);
    remove_file(path);
    check_fails(path, SHARED_MAP_REFUSED);
}
