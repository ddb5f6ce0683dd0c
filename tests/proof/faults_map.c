// shared_map.h under faults.
#include "shared_map.h"

#include <stdalign.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "faults.h"
#include "os/os_has.h"

enum { BYTES = 1 << 16 };

static const char long_text[] = "a text that is too long to stand in a word";

// Values of every type, got back.

static void set_all(SharedMap *map)
{
    CHECK(shared_map_set_int(map, "int", 1));
    CHECK(shared_map_set_real(map, "real", 0.5));
    CHECK(shared_map_set_bool(map, "bool", true));
    CHECK(shared_map_set_null(map, "null"));
    CHECK(shared_map_set_text(map, "text", long_text));
    CHECK(shared_map_set_bytes(map, "bytes", "\0\1", 2));
    CHECK(shared_map_set_n(map, "a\0b", 3, value_int(3)));
    CHECK(shared_map_set(map, "int", value_int(2)));
}

static void get_numbers(SharedMap *map)
{
    long long integer = 0;
    double real = 0;
    bool boolean = false;
    CHECK(shared_map_get_int(map, "int", &integer) && integer == 2);
    CHECK(shared_map_get_real(map, "real", &real) && real == 0.5);
    CHECK(shared_map_get_bool(map, "bool", &boolean) && boolean);
    CHECK(shared_map_type(map, "null") == VALUE_NULL);
    CHECK(shared_map_has(map, "null") && shared_map_has_n(map, "a\0b", 3));
}

static void get_copies(SharedMap *map)
{
    char text[sizeof long_text];
    Value value;
    CHECK(shared_map_get_text(map, "text", text, sizeof text));
    CHECK_TEXT(text, long_text);
    CHECK(shared_map_get(map, "text", &value));
    CHECK_TEXT(value.text, long_text);
    value_free(&value);
    CHECK(shared_map_get_n(map, "bytes", 5, &value) && value.size == 2);
    value_free(&value);
}

static void get_all(SharedMap *map)
{
    get_numbers(map);
    get_copies(map);
    CHECK(shared_map_size(map) >= 7);
}

static void set_and_get(void)
{
    SharedMap *map = shared_map_new();
    set_all(map);
    get_all(shared_map_attach(shared_map_buffer(map)));
    CHECK(shared_map_delete(map, "int"));
    CHECK(shared_map_delete_n(map, "a\0b", 3));
    CHECK_INT((long long)shared_map_size(map), 5);
    shared_map_clear(map);
    CHECK_INT((long long)shared_map_size(map), 0);
    shared_map_free(&map);
}

TEST(values, "values of every type")
{
    try_faults(set_and_get, (FaultOptions){ 0 });
}

// Updates.

static bool append(Value *value, void *context)
{
    *value = value_text(value->type == VALUE_TEXT ? long_text : context);
    return true;
}

static void update(SharedMap *map)
{
    long long sum = 0;
    CHECK(shared_map_add(map, "sum", 1, &sum) == SHARED_MAP_OK && sum == 1);
    CHECK(shared_map_add(map, "sum", 1, &sum) == SHARED_MAP_OK && sum == 2);
    CHECK(shared_map_compare_and_set(map, "sum", value_int(2),
                                     value_text("two")) == SHARED_MAP_OK);
    CHECK(shared_map_compare_and_set_n(map, "sum", 3, value_int(2),
                                       value_none()) == SHARED_MAP_DIFFERS);
    CHECK(shared_map_set_if_absent(map, "sum", value_null()) ==
          SHARED_MAP_DIFFERS);
    CHECK(shared_map_set_if_absent(map, "new", value_null()) == SHARED_MAP_OK);
    CHECK(shared_map_update(map, "text", append, "short") == SHARED_MAP_OK);
    CHECK(shared_map_update_n(map, "text", 4, append, NULL) == SHARED_MAP_OK);
}

static void check_updates(SharedMap *map)
{
    Value value;
    CHECK(shared_map_get(map, "text", &value));
    CHECK_TEXT(value.text, long_text);
    value_free(&value);
    CHECK(shared_map_get(map, "sum", &value));
    CHECK_TEXT(value.text, "two");
    value_free(&value);
}

static void update_all(void)
{
    static alignas(64) char buffer[BYTES];
    SharedMap *map = shared_map_new_in(buffer, sizeof buffer);
    update(map);
    check_updates(map);
    shared_map_free(&map);
}

TEST(updates, "atomic updates, in memory of the caller's")
{
    const char *says =
        "shared_map_new_in: no random numbers for a shared map: ";
    try_faults(update_all, (FaultOptions){ .says = says });
}

// All of it.

static void count(const MapEntry *entry, void *context)
{
    *(size_t *)context += entry->key_size;
}

static void print(SharedMap *map, const char *expected)
{
    FILE *paper = paper_new();
    shared_map_print(map, paper);
    if (!fault_struck())
        CHECK_TEXT(paper_read(paper), expected);
    paper_end(paper);
}

static void go_through(void)
{
    SharedMap *map = shared_map_new_sized(BYTES);
    size_t sizes = 0;
    print(map, "{}\n");
    CHECK(shared_map_set_int(map, "a", 1));
    print(map, "{ a: 1 }\n");
    CHECK(shared_map_set_text(map, "b c", long_text));
    CHECK(shared_map_set_text(map, "__proto__", long_text));
    print(map, "{\n  a: 1,\n"
               "  'b c': 'a text that is too long to stand in a word',\n"
               "  ['__proto__']: 'a text that is too long to stand in a word'\n"
               "}\n");
    MapEntries *entries = shared_map_entries(map);
    CHECK_TEXT(entries->at[1].value.text, long_text);
    free(entries);
    shared_map_for_each(map, count, &sizes);
    CHECK_INT((long long)sizes, 13);
    shared_map_free(&map);
}

TEST(entries, "all entries, and printing them")
{
    try_faults(go_through, (FaultOptions){ 0 });
}

// A map that is full, and moves to and fro.

static void fill(void)
{
    SharedMap *map = shared_map_new_sized(16 << 10);
    static const char large[1000];
    char key[] = "a";
    while (shared_map_set_bytes(map, key, large, sizeof large))
        ++*key;
    CHECK(*key > 'b');
    CHECK(shared_map_delete(map, "b"));
    CHECK(shared_map_set_bytes(map, key, large, sizeof large));
    CHECK_INT((long long)shared_map_size(map), *key - 'a');
    shared_map_free(&map);
}

TEST(full, "a map that is full")
{
    try_faults(fill, (FaultOptions){ 0 });
}

// A process that dies leaves the map to the others, unlocked and whole.

static void check_steady(SharedMap *map)
{
    long long number = 0;
    Value value;
    CHECK(shared_map_get_int(map, "steady", &number) && number == 7);
    CHECK(shared_map_get(map, "steady text", &value));
    CHECK_TEXT(value.text, long_text);
    value_free(&value);
}

static void use_whole(SharedMap *map)
{
    check_steady(map);
    MapEntries *entries = shared_map_entries(map);
    CHECK_INT((long long)entries->count, (long long)shared_map_size(map));
    free(entries);
    shared_map_clear(map);
    set_all(map);
    get_all(map);
}

static void use_in_child(SharedMap *map)
{
    size_t sizes = 0;
    let_calls_fail(true);
    set_all(map);
    get_all(map);
    update(map);
    shared_map_for_each(map, count, &sizes);
    CHECK(sizes > 0);
    check_steady(map);
    _exit(0);
}

static void share(void)
{
    int status;
    let_calls_fail(false);
    SharedMap *map = shared_map_new_sized(BYTES);
    CHECK(shared_map_set_int(map, "steady", 7));
    CHECK(shared_map_set_text(map, "steady text", long_text));
    pid_t child = fork();
    if (child == 0)
        use_in_child(map);
    CHECK(waitpid(child, &status, 0) == child && WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 0 || fault_struck());
    use_whole(map);
    shared_map_free(&map);
}

TEST(shared, "a process that dies, and one that goes on with their map")
{
    if (!OS_HAS_ROBUST)
        test_skip("a map stays locked here when its holder has died");
    try_faults(share, (FaultOptions){ .in_another_process = true });
}
