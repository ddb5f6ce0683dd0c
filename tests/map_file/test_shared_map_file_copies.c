// Copies of maps: shared_map_copy_to, cp, and a copy of a buffer.
#include "shared_map_file.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <string.h>

#include "map/shared_map_internal.h"
#include "map_files.h"
#include "os/os.h"
#include "test.h"

static const char *copy_path(void)
{
    static char path[PATH_ROOM + 20];
    snprintf(path, sizeof path, "%s/copy", folder);
    return path;
}

static int files_in_folder(void)
{
    int count = 0;
    DIR *all = opendir(folder);
    if (all == NULL)
        return -1;
    for (struct dirent *entry; (entry = readdir(all)) != NULL;)
        count += entry->d_name[0] != '.';
    closedir(all);
    return count;
}

static void set_every_type(SharedMap *map)
{
    char key[20];
    for (int i = 20; i > 0; i--) {
        snprintf(key, sizeof key, "key %d", i);
        CHECK(shared_map_set_int(map, key, i));
    }
    CHECK(shared_map_delete(map, "key 7"));
    CHECK(shared_map_set_text(map, "a text under a long name", "text"));
    CHECK(shared_map_set_bytes(map, "bytes", "\0\1", 2));
    CHECK(shared_map_set_real(map, "real", -0.0));
    CHECK(shared_map_set_int(map, "long", 1LL << 60));
    CHECK(shared_map_set_bool(map, "bool", false));
    CHECK(shared_map_set_null(map, ""));
    CHECK(shared_map_set_n(map, "a\0b", 3, value_int(3)));
    CHECK(shared_map_set_int(map, "key 7", 7));
}

static void check_same(SharedMap *map, SharedMap *copy)
{
    MapEntries *one = shared_map_entries(map), *two = shared_map_entries(copy);
    CHECK_INT(one->count, two->count);
    for (size_t i = 0; i < one->count; i++) {
        CHECK_INT(one->at[i].key_size, two->at[i].key_size);
        CHECK(memcmp(one->at[i].key, two->at[i].key, one->at[i].key_size) == 0);
        CHECK(value_equal(one->at[i].value, two->at[i].value));
    }
    free(one);
    free(two);
}

static SharedMap *open_copy(void)
{
    SharedMap *copy = shared_map_open(copy_path(), 0, NULL);
    CHECK(copy != NULL);
    return copy;
}

TEST(all, "a copy has all entries, of every type, in their order")
{
    const char *path = new_path();
    struct stat status;
    SharedMap *maps[] = { open_file(path), shared_map_new_sized(FILE_SIZE) };
    umask(0);
    for (int i = 0; i < 2; i++) {
        MapProblem problem = SHARED_MAP_DAMAGED;
        set_every_type(maps[i]);
        CHECK(shared_map_copy_to(maps[i], copy_path(), &problem));
        CHECK_INT(problem, SHARED_MAP_NO_PROBLEM);
        CHECK(stat(copy_path(), &status) == 0);
        CHECK_INT(status.st_mode & 07777, 0600);
        CHECK_INT(status.st_size, FILE_SIZE);
        SharedMap *copy = open_copy();
        check_same(maps[i], copy);
        CHECK(shared_map_set_int(copy, "key 1", 2));
        CHECK_INT(int_at(maps[i], "key 1"), 1);
        shared_map_close(&copy);
    }
    CHECK_INT(files_in_folder(), 2);
    shared_map_close(&maps[0]);
    shared_map_free(&maps[1]);
    remove_file(copy_path());
    remove_file(path);
}

TEST(full, "a full map has a copy, too, which other calls can fill up")
{
    const char *path = new_path();
    char key[20];
    SharedMap *map = open_file(path);
    int count = 0;
    do
        snprintf(key, sizeof key, "%d", count++);
    while (shared_map_set_null(map, key));
    // A number where a value is never fails: these need room of their own.
    for (int i = 0; i < count - 1; i++) {
        snprintf(key, sizeof key, "%d", i);
        CHECK(shared_map_set_int(map, key, 1LL << 60));
    }
    CHECK(shared_map_copy_to(map, copy_path(), NULL));
    SharedMap *copy = open_copy();
    check_same(map, copy);
    shared_map_close(&copy);
    shared_map_close(&map);
    remove_file(copy_path());
    remove_file(path);
}

static void set_together(const char *path)
{
    SharedMap *map = open_file(path);
    for (long long i = 1;; i++) {
        shared_map_set_int(map, "first", i);
        shared_map_set_int(map, "second", i);
    }
}

TEST(in_use, "a copy of a map in use is of one moment")
{
    const char *path = new_path();
    SharedMap *map = open_file(path);
    CHECK(shared_map_set_int(map, "first", 0));
    CHECK(shared_map_set_int(map, "second", 0));
    pid_t writer = start_child(set_together, path);
    for (int i = 0; i < test_rounds(50); i++) {
        CHECK(shared_map_copy_to(map, copy_path(), NULL));
        SharedMap *copy = open_copy();
        long long ahead = int_at(copy, "first") - int_at(copy, "second");
        CHECK(ahead == 0 || ahead == 1);
        shared_map_close(&copy);
    }
    CHECK(kill(writer, SIGKILL) == 0 && waitpid(writer, NULL, 0) == writer);
    shared_map_close(&map);
    remove_file(copy_path());
    remove_file(path);
}

TEST(refused, "a copy that cannot be made leaves nothing, and says why")
{
    const char *path = new_path();
    MapProblem problem;
    SharedMap *map = open_file(path);
    CHECK(!shared_map_copy_to(map, "/no/such/folder/copy", &problem));
    CHECK_INT(problem, SHARED_MAP_REFUSED);
    CHECK_INT(errno, ENOENT);
    CHECK(mkdir(copy_path(), 0700) == 0);
    CHECK(!shared_map_copy_to(map, copy_path(), &problem));
    CHECK_INT(problem, SHARED_MAP_REFUSED);
    CHECK_INT(errno, EISDIR);
    CHECK_INT(files_in_folder(), 2);
    CHECK(rmdir(copy_path()) == 0);
    // The name of the map itself: it leaves the old file to those who have it.
    CHECK(shared_map_set_int(map, "key", 1));
    CHECK(shared_map_copy_to(map, path, NULL));
    CHECK(shared_map_set_int(map, "key", 2));
    SharedMap *copy = open_file(path);
    CHECK_INT(int_at(copy, "key"), 1);
    shared_map_close(&copy);
    shared_map_close(&map);
    remove_file(path);
}

// A copy is another map

static bool look_at_other(Value *value, void *other)
{
    *value = value_int(int_at(other, "key") + 1);
    return true;
}

static void copy_bytes_of(const char *from, const char *to)
{
    static char bytes[FILE_SIZE];
    int file = open(from, O_RDONLY);
    CHECK(file >= 0 && read(file, bytes, FILE_SIZE) == FILE_SIZE);
    CHECK(close(file) == 0);
    write_file(to, bytes, FILE_SIZE, 0);
}

TEST(another, "a map and the copy that cp made of it are two maps")
{
    const char *path = new_path();
    SharedMap *map = open_file(path);
    CHECK(shared_map_set_int(map, "key", 1));
    for (int i = 0; i < 2; i++) {
        if (i == 0)
            copy_bytes_of(path, copy_path());
        else
            CHECK(shared_map_copy_to(map, copy_path(), NULL));
        SharedMap *copy = open_copy();
        CHECK_INT(shared_map_update(map, "key", look_at_other, copy),
                  SHARED_MAP_OK);
        CHECK_INT(int_at(map, "key"), i + 2);
        shared_map_close(&copy);
    }
    shared_map_close(&map);
    remove_file(copy_path());
    remove_file(path);
}

TEST(buffers, "so are a map and a copy of its buffer")
{
    SharedMap *map = shared_map_new_sized(FILE_SIZE);
    void *buffer = memory_reserve(FILE_SIZE);
    CHECK(shared_map_set_int(map, "key", 1));
    memcpy(buffer, shared_map_buffer(map), FILE_SIZE);
    SharedMap *copy = shared_map_attach_checked(buffer, FILE_SIZE, NULL);
    CHECK(copy != NULL);
    CHECK_INT(shared_map_update(map, "key", look_at_other, copy),
              SHARED_MAP_OK);
    CHECK_INT(int_at(map, "key"), 2);
    shared_map_free(&map);
    memory_release(buffer, FILE_SIZE);
}

static void update_twice(void)
{
    const char *path = new_path();
    SharedMap *map = open_file(path), *same = open_file(path);
    shared_map_set_int(map, "key", 1);
    shared_map_update(map, "key", look_at_other, same);
}

TEST(same, "two mappings of one file are one map")
{
    CHECK_DIES(update_twice, "its change called the same map");
}
