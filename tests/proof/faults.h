// Tests of common/ with calls to the C library that fail.
//
// A scenario is a small use of the library, from its start to its end. It runs
// in a process of its own, under a deadline, again and again: with the first
// malloc failing, with the second, and so on until it ends before that use; and
// so with every call that can fail (fail_nth.h). Then once more with all that
// may be used up failing from the nth use on. Each time the process must either
// end with status 1 and one sentence, the one that belongs to that call, or do
// what the headers say. Then it must give everything back, and the scenario
// must work once more in the same process: so nothing was left locked.

#ifndef FAULTS_H
#define FAULTS_H

#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>

#include "sanitizers.h"
#include "test.h"

// Where a scenario is not like the others.
typedef struct FaultOptions {
    bool threads_may_fail;    // goes on when a thread cannot be started
    bool maps_may_fail;       // goes on when memory cannot be mapped
    const char *says;         // what a sentence may name instead of the call
    bool in_another_process;  // what fails, and dies, is a child of its own
    unsigned kept_blocks;     // of memory, which the library keeps on purpose
    bool inside;              // its sentences need not have a place: it calls
                              // what only the library itself calls
} FaultOptions;

// Tries all faults, and prints how many there were, call by call. A scenario
// that meets none at all has not been tried.
void try_faults(void (*scenario)(void), FaultOptions options);

// For scenarios.

// Whether a call has failed in this round, so that what it stands for may be
// missing.
bool fault_struck(void);

// Whether it fails on, and what errno is then, unless several do.
bool fault_lasts(void);
int fault_error(void);

// Lets no more calls fail, or lets them fail again. For what is there to look
// at what others did.
void let_calls_fail(bool fail);

// A thread of the scenario's own, which always starts.
pthread_t start_thread(void *(*start)(void *), void *arg);
void join_thread(pthread_t thread);

// Returns when `count` threads sleep in the library, or are just about to.
void wait_for_sleepers(unsigned count);

// A stream that keeps what is printed to it, and what that was.
FILE *paper_new(void);
const char *paper_read(FILE *paper);
void paper_end(FILE *paper);

#endif
