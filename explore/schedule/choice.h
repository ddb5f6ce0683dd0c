// Whoever decides: at every point where a run of the program could go on in
// more than one way, one of these functions is asked.
//
// The first ways are free: they are what would happen on a machine where
// nothing comes between. The others are surprises: a thread is preempted, a
// load returns an older value, a wait ends early. Way 0 is the usual one. A
// run is repeatable: its ways follow from its seed, or from its list of
// choices.

#ifndef CHOICE_H
#define CHOICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "clock.h"

// A way to go on, when it is about which thread is next.
typedef struct NextThread {
    int thread;
    bool surprise;  // it wakes up too early or without a reason
} NextThread;

// Begins a run in which at most `bound` surprises happen, and of all such
// runs the next one in order. choice_next says whether there is one more;
// the first one is the run after choice_every(bound).
void choice_every(int bound);
bool choice_next(void);

// Begins a run in which a seed decides. Seeds of one kind out of four
// choose any thread at every point, of the second kind they seldom change
// it, and of the other two they give threads priorities and change them at
// a few points (PCT). length: about how many points a run has.
void choice_seed(uint64_t seed, unsigned length);
bool choice_seed_is_pct(uint64_t seed);

// Begins a run with the choices of a list as choice_list prints it.
// Returns false where it is not one.
bool choice_given(const char *list);

// Starts over with the choices that have been set.
void choice_start(void);

// Prints the choices of this run that were not 0 ("31.1,87.2", a point and
// what was chosen there; "0" if there was none), cut to fit.
void choice_list(char *text, size_t size);

// How many points there were so far in this run.
unsigned choice_points(void);

// A thread lets the others run first.
void choice_yield(int thread);

// Each returns which way to take, 0 <= way < ways; `free` ways are free,
// and at least one. In choose_next surprises come last, and the first is
// the thread that would go on by itself, if it can. Without `worth` nobody
// could tell the difference: trying all skips it.
int choose_next(const NextThread *next, int ways, int free, bool worth);
int choose_value(int ways);

#endif
