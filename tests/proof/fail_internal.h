// Shared by the files that make calls fail.

#ifndef FAIL_INTERNAL_H
#define FAIL_INTERNAL_H

#include "fail_nth.h"

extern FaultPlan fail_plan;
extern FaultReport *fail_report;
extern _Atomic unsigned fail_sleepers;

// Resources that common/ was given, and has not given back. All zeros at first.

enum { MOST_BLOCKS = 4096, MOST_MAPPINGS = 16, MOST_FILES = 64 };

typedef struct Ledger {
    void *blocks[MOST_BLOCKS];
    size_t sizes[MOST_BLOCKS];
    char *mappings[MOST_MAPPINGS];  // guarded by the lock, too
    size_t mapping_sizes[MOST_MAPPINGS];
    bool is_open[MOST_FILES];
    _Atomic int threads, mutexes, attributes, locked;
    _Atomic unsigned strangers;  // freed, but never allocated
} Ledger;

extern Ledger ledger;

void *enter_block(void *block, size_t size);
void strike_out_block(void *block);

void enter_mapping(char *at, size_t size);
void strike_out_mappings(char *at, size_t size);

// Whether it is in memory that other processes may see.
bool is_mapped(const void *at);

// Counts a use of the call, and says whether that is to fail.
bool fails(FaultId id);
bool fails_for(FaultId id, size_t wanted);

// The linker gives us the originals by this name.
#define REAL(type, name, ...) extern type __real_##name(__VA_ARGS__)

#endif
