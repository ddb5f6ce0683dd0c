// The scheduler's decisions: at every point where a run of the program could go
// on in more than one way, one of these functions decides.
//
// The first ways are free: they would happen on a machine without preemption.
// The rest are surprises: a thread is preempted, a load returns an older value,
// a wait ends early. The context bound limits the surprises in a run. Way 0 is
// the usual one. A run is repeatable: its ways follow from its seed, or from
// its list of choices.

#ifndef CHOICE_H
#define CHOICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "clock.h"

// A way to go on, when the choice is which thread runs next.
typedef struct NextThread {
    int thread;
    bool surprise;  // the thread wakes up too early or without a reason
} NextThread;

// Sets up the search through all runs with at most `bound` surprises, of which
// the first is the next run. choice_next moves on to the next run in order, and
// returns false when there is none.
void choice_every(int bound);
bool choice_next(void);

// Sets up a run in which a seed decides. One seed in four chooses any thread at
// every point, one in four seldom changes the thread, and two in four give
// threads priorities and change them at a few points (PCT). length: about how
// many points a run has.
void choice_seed(uint64_t seed, unsigned length);
bool choice_seed_is_pct(uint64_t seed);

// Sets up a run with the choices of a list as choice_list prints it. Returns
// false if the text is not such a list.
bool choice_given(const char *list);

// Begins a run with the choices that have been set up.
void choice_start(void);

// Prints the choices of this run that were not 0, cut to fit: "31.1,87.2", each
// a point and the way chosen there; "0" if there was none.
void choice_list(char *text, size_t size);

// Returns the number of points in this run so far.
unsigned choice_points(void);

// The thread lets all other threads run first.
void choice_yield(int thread);

// Each returns the way to take, 0 <= way < ways. free_ways of them are free,
// and at least one is. In choose_next surprises come last, and the first way is
// the thread that would go on by itself, if it can. Without `worth` no thread
// could tell the ways apart: the search through all runs does not branch.
int choose_next(const NextThread *next, int ways, int free_ways, bool worth);
int choose_value(int ways);

#endif
