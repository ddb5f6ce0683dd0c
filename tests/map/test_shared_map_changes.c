// The promises of shared_map.h about update: the arguments of its change, how
// often it is called, and what it may do.

#include "shared_map.h"

#include <math.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "map_checks.h"
#include "test.h"
#include "worker_threads.h"

// Update

// The result that a change is to return, and the arguments that it was called
// with.
typedef struct Plan {
    SharedMap *map;
    Value desired;
    bool agree;
    void (*meanwhile)(WorkerContext *self);  // while it runs for the first time
    int calls;
    Value seen;
    char seen_text[20];
} Plan;

static bool carry_out(Value *value, void *context)
{
    Plan *plan = context;
    if (plan->calls++ == 0 && plan->meanwhile)
        worker_join(&(Worker *){ worker_start(plan->meanwhile, plan->map) });
    plan->seen = *value;
    if (value_has_bytes(*value)) {
        CHECK(value->size < sizeof plan->seen_text);
        memcpy(plan->seen_text, value->bytes, value->size + 1);
        plan->seen.bytes = plan->seen_text;
    }
    *value = plan->desired;
    return plan->agree;
}

static void check_update(Value old, Value desired, bool agree)
{
    Plan plan = { .desired = desired, .agree = agree };
    SharedMap *map = shared_map_new();
    set_or_delete(map, "key", old);
    CHECK_INT(shared_map_update(map, "key", carry_out, &plan),
              agree ? SHARED_MAP_OK : SHARED_MAP_DIFFERS);
    CHECK_INT(plan.calls, 1);
    CHECK(value_equal(plan.seen, old));
    check_value(map, "key", agree ? desired : old);
    shared_map_free(&map);
}

TEST(update, "update makes any value of any other, and of none")
{
    for (size_t i = 0; i < COUNT(one_each); i++)
        for (size_t j = 0; j < COUNT(one_each); j++)
            check_update(one_each[i], one_each[j], true);
}

TEST(update_declined, "a change that returns false leaves the key as it was")
{
    for (size_t i = 0; i < COUNT(one_each); i++)
        for (size_t j = 0; j < COUNT(one_each); j++)
            check_update(one_each[i], one_each[j], false);
}

static bool append(Value *value, void *context)
{
    char *text = context;
    if (value->type == VALUE_TEXT)
        strcpy(text, value->text);  // which ends with a NUL
    strcat(text, "+");
    *value = value_text(text);
    return true;
}

TEST(update_text, "update makes texts of texts")
{
    SharedMap *map = shared_map_new();
    char text[20] = "";
    for (int i = 0; i < 5; i++)
        CHECK_INT(shared_map_update(map, "key", append, text), SHARED_MAP_OK);
    check_value(map, "key", value_text("+++++"));
    shared_map_free(&map);
}

TEST(keys_with_nul, "updates take keys with NUL bytes")
{
    SharedMap *map = map_with_int(1);
    Plan plan = { .desired = value_int(3), .agree = true };
    CHECK_INT(shared_map_compare_and_set_n(map, "key\0a", 5, value_none(),
                                           value_int(2)),
              SHARED_MAP_OK);
    CHECK_INT(shared_map_update_n(map, "key\0b", 5, carry_out, &plan),
              SHARED_MAP_OK);
    CHECK_INT(plan.seen.type, VALUE_NONE);
    CHECK_INT(shared_map_update_n(map, "key\0a", 5, carry_out, &plan),
              SHARED_MAP_OK);
    CHECK(value_equal(plan.seen, value_int(2)));
    CHECK_INT(shared_map_size(map), 3);
    CHECK_INT(int_at(map, "key"), 1);
    shared_map_free(&map);
}

// Update, when others change the key

static void set_text(WorkerContext *self)
{
    CHECK(shared_map_set_text(self->worker_data, "key", "from afar"));
}

static void delete_key(WorkerContext *self)
{
    CHECK(shared_map_delete(self->worker_data, "key"));
}

static void set_another_key(WorkerContext *self)
{
    CHECK(shared_map_set_int(self->worker_data, "another key", 9));
}

static void check_interference(void (*meanwhile)(WorkerContext *self),
                               int calls, Value seen, Value desired)
{
    Plan plan = { .map = map_with_int(1),
                  .meanwhile = meanwhile,
                  .agree = true,
                  .desired = desired };
    CHECK_INT(shared_map_update(plan.map, "key", carry_out, &plan),
              SHARED_MAP_OK);
    CHECK_INT(plan.calls, calls);
    CHECK(value_equal(plan.seen, seen));
    check_value(plan.map, "key", desired);
    shared_map_free(&plan.map);
}

TEST(interference, "update calls again when the key has changed meanwhile")
{
    const Value desired[] = { value_int(5), value_text("text"), value_none() };
    for (size_t i = 0; i < COUNT(desired); i++) {
        check_interference(set_text, 2, value_text("from afar"), desired[i]);
        check_interference(delete_key, 2, value_none(), desired[i]);
        check_interference(set_another_key, 1, value_int(1), desired[i]);
    }
}

TEST(declined_in_vain, "update keeps what others set when its change declines")
{
    Plan plan = { .map = map_with_int(1), .meanwhile = set_text };
    CHECK_INT(shared_map_update(plan.map, "key", carry_out, &plan),
              SHARED_MAP_DIFFERS);
    CHECK_INT(plan.calls, 1);
    check_value(plan.map, "key", value_text("from afar"));
    shared_map_free(&plan.map);
}

static void call_all(WorkerContext *self)
{
    SharedMap *map = self->worker_data;
    Plan plan = { .desired = value_int(8), .agree = true };
    CHECK(shared_map_set_text(map, "other", "text"));
    check_value(map, "key", value_int(1));
    CHECK_INT(shared_map_update(map, "other", carry_out, &plan), SHARED_MAP_OK);
    CHECK_INT(shared_map_add(map, "key", 1, NULL), SHARED_MAP_OK);
    free(shared_map_entries(map));
    shared_map_clear(map);
    CHECK_INT(shared_map_size(map), 0);
}

TEST(nobody_blocked, "while a change runs other threads may call the map")
{
    check_interference(call_all, 2, value_none(), value_int(5));
}

typedef struct Meeting {
    SharedMap *map;
    atomic_int arrived, calls;
} Meeting;

// Comes back, the first two times, when both threads are in here.
static bool meet_and_add(Value *value, void *context)
{
    Meeting *meeting = context;
    atomic_fetch_add(&meeting->calls, 1);
    atomic_fetch_add(&meeting->arrived, 1);
    while (atomic_load(&meeting->arrived) < 2)
        sched_yield();
    return add_one(value, NULL);
}

static void update_in_company(WorkerContext *self)
{
    Meeting *meeting = self->worker_data;
    CHECK_INT(shared_map_update(meeting->map, "key", meet_and_add, meeting),
              SHARED_MAP_OK);
}

TEST(two_changes, "of two changes at once of a key one is called again")
{
    Meeting meeting = { .map = shared_map_new() };
    Worker *one = worker_start(update_in_company, &meeting);
    Worker *other = worker_start(update_in_company, &meeting);
    worker_join(&one);
    worker_join(&other);
    CHECK_INT(int_at(meeting.map, "key"), 2);
    CHECK_INT(atomic_load(&meeting.calls), 3);
    shared_map_free(&meeting.map);
}

// Calls from inside a change

typedef void UseMap(SharedMap *map);

static void use_get(SharedMap *map)
{
    int_at(map, "key");
}

static void use_set(SharedMap *map)
{
    shared_map_set_null(map, "other");
}

static void use_delete(SharedMap *map)
{
    shared_map_delete(map, "other");
}

static void use_size(SharedMap *map)
{
    shared_map_size(map);
}

static void use_swap(SharedMap *map)
{
    shared_map_compare_and_set(map, "key", value_none(), value_none());
}

static void use_for_each(SharedMap *map)
{
    shared_map_for_each(map, NULL, NULL);
}

static void use_print(SharedMap *map)
{
    shared_map_print(map, stdout);
}

static void use_free(SharedMap *map)
{
    shared_map_free(&map);
}

static void use_update(SharedMap *map)
{
    shared_map_update(map, "other", add_one, NULL);
}

static SharedMap *updated;  // the map of the key that is updated
static UseMap *use;         // what the change does with it

static bool use_updated(Value *value, void *context)
{
    (void)context;
    use(updated);
    *value = value_int(9);
    return true;
}

static void use_through_another(SharedMap *map)
{
    (void)map;
    UseMap *inner = use;
    use = use_size;
    shared_map_update(shared_map_new(), "key", use_updated, NULL);
    use = inner;
}

static void use_after_another(SharedMap *map)
{
    shared_map_update(shared_map_new(), "key", add_one, NULL);
    shared_map_size(map);
}

static void use_attached(SharedMap *map)
{
    shared_map_size(shared_map_attach(shared_map_buffer(map)));
}

static void use_clear(SharedMap *map)
{
    shared_map_clear(map);
}

static void update_and_use(void)
{
    updated = shared_map_new();
    shared_map_set_int(updated, "key", 1);
    shared_map_update(updated, "key", use_updated, NULL);
}

TEST(own_map, "a change that calls its own map dies, and says so")
{
    UseMap *const uses[] = {
        use_get,      use_set,           use_delete,          use_size,
        use_swap,     use_for_each,      use_print,           use_update,
        use_attached, use_after_another, use_through_another, use_clear,
        use_free
    };
    for (size_t i = 0; i < COUNT(uses); i++) {
        use = uses[i];
        CHECK_DIES(update_and_use, "its change called the same map");
    }
}

static bool use_another(Value *value, void *context)
{
    SharedMap *another = context;
    *value = value_int(value->type == VALUE_INT ? value->integer + 1 : 1);
    CHECK(shared_map_set_int(another, "set", value->integer));
    CHECK_INT(shared_map_update(another, "updated", add_one, NULL),
              SHARED_MAP_OK);
    return value->integer < 3;
}

TEST(another_map, "a change may call another map, and both can be used then")
{
    SharedMap *map = shared_map_new(), *another = shared_map_new();
    CHECK_INT(shared_map_update(map, "key", use_another, another),
              SHARED_MAP_OK);
    CHECK_INT(shared_map_update(map, "key", use_another, another),
              SHARED_MAP_OK);
    CHECK_INT(shared_map_update(map, "key", use_another, another),
              SHARED_MAP_DIFFERS);
    CHECK_INT(shared_map_update(another, "key", use_another, map),
              SHARED_MAP_OK);
    CHECK_INT(int_at(map, "key"), 2);
    CHECK_INT(int_at(another, "set"), 3);
    CHECK_INT(int_at(another, "updated"), 3);
    CHECK_INT(int_at(map, "updated"), 1);
    shared_map_free(&map);
    shared_map_free(&another);
}
