// The promises of shared_map.h to a child of fork, also when another thread was
// in the middle of a call.

#include "map_alone.h"
#include "shared_map.h"

#include <pthread.h>
#include <stdalign.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fork_child.h"
#include "gate.h"
#include "map/shared_map_internal.h"
#include "map_checks.h"
#include "test.h"

enum { SIZE = 64 * 1024 };

static alignas(64) char buffer[SIZE];

typedef struct Holder {
    SharedMap *map;
    bool freezes;
    Gate is_there, may_go_on;
} Holder;

// Has the map to itself, and all entries frozen if that is wanted.
static void *hold(void *context)
{
    Holder *holder = context;
    Block *block = &holder->map->block;
    lock_map_block(block);
    if (holder->freezes)
        block_freeze(block);
    gate_open(&holder->is_there);
    gate_pass(&holder->may_go_on);
    if (holder->freezes)
        block_thaw(block);
    block_unlock(block);
    return NULL;
}

static void prepare(SharedMap *map)
{
    CHECK(shared_map_set_int(map, "int", 5));
    CHECK(shared_map_set_text(map, "text", "the text"));
}

static void use(SharedMap *map)
{
    check_value(map, "text", value_text("the text"));
    CHECK_INT(shared_map_add(map, "int", 1, NULL), SHARED_MAP_OK);
    CHECK_INT(int_at(map, "int"), 6);
    CHECK(shared_map_set_text(map, "text", "another text"));
    CHECK_INT(shared_map_size(map), 2);
    MapEntries *entries = shared_map_entries(map);
    CHECK_INT(entries->count, 2);
    free(entries);
    CHECK_INT(shared_map_update(map, "int", add_one, NULL), SHARED_MAP_OK);
    CHECK(shared_map_delete(map, "text"));
}

static void *use_in_thread(void *map)
{
    CHECK(shared_map_set_text(map, "thread", "t"));
    return NULL;
}

static pid_t start_child(SharedMap *map)
{
    pid_t child = fork();
    CHECK(child >= 0);
    if (child > 0)
        return child;
    alarm(20);
    use(map);
    pthread_t threads[3];
    for (int i = 0; i < 3; i++)
        CHECK(pthread_create(&threads[i], NULL, use_in_thread, map) == 0);
    for (int i = 0; i < 3; i++)
        CHECK(pthread_join(threads[i], NULL) == 0);
    _Exit(0);
}

static void check_fork(SharedMap *map, bool freezes, bool is_private)
{
    Holder holder = { .map = map, .freezes = freezes };
    pthread_t thread;
    int status = 0;
    prepare(map);
    CHECK(pthread_create(&thread, NULL, hold, &holder) == 0);
    gate_pass(&holder.is_there);
    pid_t child = start_child(map);
    // In shared memory the child waits for its turn.
    if (!is_private)
        gate_open(&holder.may_go_on);
    CHECK(waitpid(child, &status, 0) == child);
    CHECK_INT(status, 0);
    gate_open(&holder.may_go_on);
    CHECK(pthread_join(thread, NULL) == 0);
    if (is_private)
        use(map);
    else
        CHECK_INT(int_at(map, "int"), 7);
    CHECK_INT(shared_map_size(map), is_private ? 1 : 2);
    shared_map_free(&map);
}

static void must_have_list_of_mappings(void)
{
    if (!memory_is_private(buffer))
        test_skip("the system does not tell which memory is private");
}

TEST(private, "a child has a copy of a map in private memory, and uses it")
{
    children_must_have_threads();
    must_have_list_of_mappings();
    check_fork(shared_map_new_in(buffer, SIZE), false, true);
    check_fork(shared_map_new_in(buffer, SIZE), true, true);
}

TEST(shared, "a child shares a map in shared memory, the caller's too")
{
    children_must_have_threads();
    void *memory =
        mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANON, -1, 0);
    CHECK(memory != MAP_FAILED && !memory_is_private(memory));
    check_fork(shared_map_new_sized(SIZE), false, false);
    check_fork(shared_map_new_in(memory, SIZE), false, false);
    check_fork(shared_map_new_in(memory, SIZE), true, false);
}

static void grandchild(void)
{
    SharedMap *map = shared_map_new_in(buffer, SIZE);
    prepare(map);
    for (int i = 0; i < 2; i++)
        if (fork() > 0) {
            int status = 1;
            wait(&status);
            _Exit(status != 0);
        }
    use(map);
    _Exit(0);
}

TEST(of_a_child, "so has a child's child")
{
    children_must_have_threads();
    must_have_list_of_mappings();
    int status = 1;
    pid_t child = fork();
    if (child == 0)
        grandchild();
    CHECK(waitpid(child, &status, 0) == child);
    CHECK_INT(status, 0);
}

static bool fork_inside(Value *value, void *context)
{
    (void)context;
    pid_t child = fork();
    if (child > 0) {
        wait(NULL);
        _Exit(1);
    }
    *value = value_int(1);
    return true;
}

static void fork_in_turn(void)
{
    Key key;
    SharedMap *map = shared_map_new();
    MapUpdate turn = { .map = map };
    map_enter_key(map, &key, "int", 3);
    map_update_in_turn(map, &key, &turn, fork_inside, NULL);
}

TEST(in_turn, "a change that forks in its turn ends the child, and says so")
{
    CHECK_DIES(fork_in_turn, "its change called fork");
}
