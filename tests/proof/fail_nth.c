// Which call is to fail, and the ledger. The calls: fail_calls.c,
// fail_pthread.c.
#include "fail_internal.h"

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const Fault faults[FAULT_IDS] = {
#define FAULT_ROW(name, ...) [FAULT_##name] = { __VA_ARGS__ },
    FAULTS(FAULT_ROW)
};

FaultPlan fail_plan;
FaultReport *fail_report;
Ledger ledger;
_Atomic unsigned fail_sleepers;
static _Atomic bool is_armed;

void fail_nth_prepare(FaultPlan plan, FaultReport *report)
{
    fail_plan = plan;
    fail_report = report;
    memset(&ledger, 0, sizeof ledger);
}

void fail_nth_arm(bool armed)
{
    atomic_store(&is_armed, armed);
}

unsigned fail_nth_asleep(void)
{
    return atomic_load(&fail_sleepers);
}

static bool is_used_up(FaultKind kind)
{
    if (!fail_plan.used_up || kind > CAN_BE_USED_UP ||
        (fail_plan.kind != kind && fail_plan.kind != KINDS))
        return false;
    return atomic_fetch_add(&fail_report->uses_of_kind, 1) + 1 >= fail_plan.nth;
}

// Whether this use of the call is to fail.
bool fails_for(FaultId id, size_t wanted)
{
    if (!atomic_load(&is_armed))
        return false;
    unsigned use = atomic_fetch_add(&fail_report->uses[id], 1) + 1;
    bool fails = is_used_up(faults[id].kind) ||
                 (id == fail_plan.id && use == fail_plan.nth);
    if (fails && atomic_fetch_add(&fail_report->struck, 1) == 0)
        atomic_store(&fail_report->wanted, wanted);
    if (fails && faults[id].error != 0)
        errno = faults[id].error;
    return fails;
}

bool fails(FaultId id)
{
    return fails_for(id, 0);
}

// The ledger.

// Blocks are few at a time, so they are looked for one by one.
static atomic_flag lock = ATOMIC_FLAG_INIT;  // guards the ledger's blocks

static bool replace_block(void *old, void *new, size_t size)
{
    while (atomic_flag_test_and_set(&lock))
        sched_yield();
    int i = 0;
    while (i < MOST_BLOCKS && ledger.blocks[i] != old)
        i++;
    if (i < MOST_BLOCKS) {
        ledger.blocks[i] = new;
        ledger.sizes[i] = size;
    }
    atomic_flag_clear(&lock);
    return i < MOST_BLOCKS;
}

void *enter_block(void *block, size_t size)
{
    if (block && !replace_block(NULL, block, size))
        abort();  // too many for us
    return block;
}

void strike_out_block(void *block)
{
    if (block && !replace_block(block, NULL, 0))
        atomic_fetch_add(&ledger.strangers, 1);
}

void enter_mapping(char *at, size_t size)
{
    for (int i = 0; i < MOST_MAPPINGS; i++) {
        if (ledger.mappings[i] == NULL) {
            ledger.mappings[i] = at;
            ledger.mapping_sizes[i] = size;
            return;
        }
    }
    abort();  // too many for us
}

void strike_out_mappings(char *at, size_t size)
{
    for (int i = 0; i < MOST_MAPPINGS; i++)
        if (ledger.mappings[i] >= at && ledger.mappings[i] < at + size)
            ledger.mappings[i] = NULL;
}

bool is_mapped(const void *at)
{
    const char *byte = at;
    for (int i = 0; i < MOST_MAPPINGS; i++)
        if (ledger.mappings[i] && byte >= ledger.mappings[i] &&
            byte < ledger.mappings[i] + ledger.mapping_sizes[i])
            return true;
    return false;
}

int fail_nth_error(void)
{
    return fail_plan.id < FAULT_IDS ? faults[fail_plan.id].error : 0;
}

static void add_to(char *text, size_t size, const char *what, int count)
{
    size_t length = strlen(text);
    if (count != 0)
        snprintf(text + length, size - length, "%d %s; ", count, what);
}

bool fail_nth_leftovers(unsigned kept_blocks, char *text, size_t size)
{
    int blocks = 0, bytes = 0;
    for (int i = 0; i < MOST_BLOCKS; i++) {
        blocks += ledger.blocks[i] != NULL;
        bytes += (int)ledger.sizes[i];
    }
    int mappings = 0, open = 0;
    for (int i = 0; i < MOST_MAPPINGS; i++)
        mappings += ledger.mappings[i] != NULL;
    for (int i = 0; i < MOST_FILES; i++)
        open += ledger.is_open[i];
    text[0] = '\0';
    if (blocks != (int)kept_blocks) {
        add_to(text, size, "blocks of memory", blocks);
        add_to(text, size, "bytes in them", bytes);
        add_to(text, size, "blocks of these may be kept", (int)kept_blocks);
    }
    add_to(text, size, "threads not joined", ledger.threads);
    add_to(text, size, "mappings", mappings);
    add_to(text, size, "open descriptors", open);
    add_to(text, size, "shared mutexes", ledger.mutexes);
    add_to(text, size, "attributes", ledger.attributes);
    add_to(text, size, "mutexes locked", ledger.locked);
    add_to(text, size, "freed blocks of nobody", (int)ledger.strangers);
    if (fail_plan.id != FAULT_UNLOCK && fail_plan.id != FAULT_MENDING)
        add_to(text, size, "processes ended with a lock",
               (int)fail_report->owners_died);
    return text[0] != '\0';
}
