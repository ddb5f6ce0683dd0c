// A map under load: four threads make every kind of call, as often as LOAD says
// (load.h). Each thread has keys of its own, and knows for every one what must
// be there; some keys belong to all, and what they add there must be there in
// the end. The map is small and holds no more from round to round: if room were
// lost, it would be full before long.

#include "load.h"
#include "map_threads.h"

enum { KEYS = 300, LONGEST = 200, SHARED = 4 };

// The value that must be there: nothing, a number, or the text that belongs to
// it.
typedef struct Known {
    ValueType type;  // VALUE_NONE, VALUE_INT or VALUE_TEXT
    long long number;
} Known;

typedef struct Owner {
    SharedMap *map;
    long thread;
    Known known[KEYS];
    char names[KEYS][24];
    uint64_t random;
    long long added[SHARED];
    Worker *worker;
} Owner;

static const char *const shared_keys[SHARED] = { "w", "x", "y", "z" };

static unsigned below(Owner *owner, unsigned limit)
{
    owner->random++;
    return (unsigned)(mixed(owner->random) % limit);
}

// The text that belongs to a number, of a length that follows from it.
static Value text_of(long long number, char text[LONGEST + 1])
{
    uint64_t bits = mixed((uint64_t)number);
    size_t size = number % 10 == 0 ? bits % LONGEST : bits % 40;
    memset(text, (int)('a' + bits % 26), size);
    text[size] = '\0';
    return value_text(text);
}

static Value value_of(Known known, char text[LONGEST + 1])
{
    switch (known.type) {
    case VALUE_INT:
        return value_int(known.number);
    case VALUE_TEXT:
        return text_of(known.number, text);
    default:
        return value_none();
    }
}

static void check_key(Owner *owner, int i)
{
    char text[LONGEST + 1];
    Value value = value_none();
    bool there = shared_map_get(owner->map, owner->names[i], &value);
    CHECK_INT(there, owner->known[i].type != VALUE_NONE);
    CHECK(value_equal(value, value_of(owner->known[i], text)));
    value_free(&value);
}

static void set_key(Owner *owner, int i, Known known)
{
    char text[LONGEST + 1];
    CHECK(shared_map_set(owner->map, owner->names[i], value_of(known, text)));
    owner->known[i] = known;
}

static void delete_key(Owner *owner, int i)
{
    bool there = owner->known[i].type != VALUE_NONE;
    CHECK_INT(shared_map_delete(owner->map, owner->names[i]), there);
    owner->known[i] = (Known){ 0 };
}

// Swaps one known value for another; every fourth time with a wrong guess.
static void swap_key(Owner *owner, int i, Known desired)
{
    char old_text[LONGEST + 1], new_text[LONGEST + 1];
    Value expected = value_of(owner->known[i], old_text);
    bool wrong = below(owner, 4) == 0;
    if (wrong)
        expected = value_real(0.5);
    MapResult result =
        shared_map_compare_and_set(owner->map, owner->names[i], expected,
                                   value_of(desired, new_text));
    CHECK_INT(result, wrong ? SHARED_MAP_DIFFERS : SHARED_MAP_OK);
    if (!wrong)
        owner->known[i] = desired;
}

static void set_if_absent(Owner *owner, int i, Known known)
{
    char text[LONGEST + 1];
    bool absent = owner->known[i].type == VALUE_NONE;
    CHECK_INT(shared_map_set_if_absent(owner->map, owner->names[i],
                                       value_of(known, text)),
              absent ? SHARED_MAP_OK : SHARED_MAP_DIFFERS);
    if (absent)
        owner->known[i] = known;
}

static void add_to_key(Owner *owner, int i, long long amount)
{
    Known *known = &owner->known[i];
    long long sum = -1;
    MapResult result =
        shared_map_add(owner->map, owner->names[i], amount, &sum);
    CHECK_INT(result,
              known->type == VALUE_TEXT ? SHARED_MAP_DIFFERS : SHARED_MAP_OK);
    if (result != SHARED_MAP_OK)
        return;
    CHECK_INT(sum, known->number + amount);
    *known = (Known){ VALUE_INT, sum };
}

static bool double_number(Value *value, void *context)
{
    (void)context;
    if (value->type != VALUE_INT)
        return false;
    *value = value_int(value->integer % 1000000 * 2);
    return true;
}

static void update_key(Owner *owner, int i)
{
    Known *known = &owner->known[i];
    bool is_number = known->type == VALUE_INT;
    CHECK_INT(shared_map_update(owner->map, owner->names[i], double_number,
                                NULL),
              is_number ? SHARED_MAP_OK : SHARED_MAP_DIFFERS);
    if (is_number)
        known->number = known->number % 1000000 * 2;
}

static void add_to_shared(Owner *owner)
{
    unsigned i = below(owner, SHARED);
    long long amount = below(owner, 1000);
    CHECK_INT(shared_map_add(owner->map, shared_keys[i], amount, NULL),
              SHARED_MAP_OK);
    owner->added[i] += amount;
}

// One operation, and one look at a key. Half of all are looks.
static void do_one(Owner *owner)
{
    int i = (int)below(owner, KEYS);
    Known known = { below(owner, 2) ? VALUE_INT : VALUE_TEXT,
                    below(owner, 1000 * 1000) };
    switch (below(owner, 10)) {
    case 0:
    case 1:
        set_key(owner, i, known);
        break;
    case 2:
        delete_key(owner, i);
        break;
    case 3:
    case 4:
        swap_key(owner, i, known);
        break;
    case 5:
        set_if_absent(owner, i, known);
        break;
    case 6:
    case 7:
        add_to_key(owner, i, 7);
        break;
    case 8:
        update_key(owner, i);
        break;
    default:
        add_to_shared(owner);
    }
    check_key(owner, (int)below(owner, KEYS));
}

// Each entry of ours that others see is one that we know; and they all are.
static void check_all(Owner *owner)
{
    MapEntries *entries = shared_map_entries(owner->map);
    long count = 0, ours = 0;
    char name[24];
    snprintf(name, sizeof name, "%ld/", owner->thread);
    for (size_t i = 0; i < entries->count; i++)
        count += strncmp(entries->at[i].key, name, strlen(name)) == 0;
    free(entries);
    for (int i = 0; i < KEYS; i++) {
        check_key(owner, i);
        ours += owner->known[i].type != VALUE_NONE;
    }
    CHECK_INT(count, ours);
}

static void work_in_rounds(WorkerContext *self)
{
    Owner *owner = self->worker_data;
    Message msg;
    while (port_receive(self->parent_port, &msg)) {
        for (long left = atol(msg.text); left > 0; left -= 2)
            do_one(owner);
        check_all(owner);
        CHECK(port_post(self->parent_port, "done"));
    }
}

static void start_owners(Owner owners[], SharedMap *map)
{
    for (long t = 0; t < THREADS; t++) {
        owners[t].map = map;
        owners[t].thread = t;
        owners[t].random = (uint64_t)t << 32;
        for (int i = 0; i < KEYS; i++)
            snprintf(owners[t].names[i], sizeof owners[t].names[i],
                     "%ld/key %d", t, i);
        owners[t].worker = worker_start(work_in_rounds, &owners[t]);
    }
}

static void do_round(Owner owners[], long share)
{
    Message msg;
    for (int t = 0; t < THREADS; t++)
        CHECK(port_postf(owners[t].worker->port, "%ld", share / THREADS));
    for (int t = 0; t < THREADS; t++)
        CHECK(port_receive(owners[t].worker->port, &msg));
}

static void check_shared(const Owner owners[], SharedMap *map)
{
    for (int i = 0; i < SHARED; i++) {
        long long sum = 0;
        for (int t = 0; t < THREADS; t++)
            sum += owners[t].added[i];
        CHECK_INT(int_at(map, shared_keys[i]), sum);
    }
}

// The map can hold half of its buffer, and what there is at once, at most 1200
// keys with 60 bytes on average, is half of that again. 100,000,000 operations
// are about a 250th of what two cores do in an hour.
TEST(all_calls, "100,000,000 operations of four threads on a map of 256 KiB")
{
    static Owner owners[THREADS];
    SharedMap *map = shared_map_new_sized(512 * 1024);
    start_owners(owners, map);
    Load load =
        load_begin("operations of four threads on a map", 100 * 1000 * 1000);
    while (load_goes_on(&load)) {
        do_round(owners, load.share);
        check_shared(owners, map);
    }
    for (int t = 0; t < THREADS; t++)
        worker_join(&owners[t].worker);
    load_end(&load);
    shared_map_free(&map);
}
