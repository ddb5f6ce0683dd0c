// Which way each run goes: depth-first over all choices, by a seed, or as told.
//
// EVERY is stateless model checking (VeriSoft, P. Godefroid 1997): no state of
// the program is ever saved. A run is identified by its list of choices, and
// the next run repeats that list up to the last choice that has another way.
// Its context bound (CHESS, M. Musuvathi and S. Qadeer 2007) limits the
// surprises in one run. SEED is a random walk or PCT (S. Burckhardt et al.
// 2010). The invariant: the same choices at the same points give the same run.

#include "choice.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef enum Mode { EVERY, SEED, GIVEN } Mode;

// A node on the path of the depth-first search: the run has tried the ways
// below `chosen`, and ways from free_ways on count against the context bound.
typedef struct Choice {
    unsigned point;
    unsigned short chosen, ways, free_ways;
} Choice;

enum { MAX_CHOICES = 1 << 16, MAX_CHANGES = 4 };

static Mode mode;
static unsigned point;  // number of points in this run so far

// EVERY and GIVEN: the list of choices, how many of them this run has used, and
// the number of surprises among those.
static Choice choices[MAX_CHOICES];
static int choice_count, used, surprises, max_surprises;

// SEED: the generator's state, and for PCT the threads' priorities and the
// points at which the running thread's priority drops below all others.
static uint64_t the_seed, state;
static unsigned run_length;
static unsigned priority[MAX_THREADS];  // 0 is the lowest
static unsigned change_at[MAX_CHANGES];
static int changes;
static unsigned lowest;  // the lowest priority given out so far

void choice_every(int bound)
{
    mode = EVERY;
    max_surprises = bound;
    choice_count = 0;
}

// Backtracks: the deepest choice that has another way takes that, and all
// choices behind it are dropped. They are made again when the run gets there.
bool choice_next(void)
{
    for (; choice_count > 0; choice_count--) {
        Choice *last = &choices[choice_count - 1];
        if (++last->chosen < last->ways)
            return true;
    }
    return false;
}

void choice_seed(uint64_t seed, unsigned length)
{
    mode = SEED;
    the_seed = seed;
    run_length = length > 0 ? length : 1;
}

bool choice_seed_is_pct(uint64_t seed)
{
    return seed % 4 >= 2;
}

bool choice_given(const char *list)
{
    mode = GIVEN;
    choice_count = 0;
    if (strcmp(list, "0") == 0)
        return true;
    while (choice_count < MAX_CHOICES) {
        Choice *choice = &choices[choice_count++];
        int length = 0;
        if (sscanf(list, "%u.%hu%n", &choice->point, &choice->chosen,
                   &length) != 2)
            return false;
        list += length;
        if (*list == '\0')
            return true;
        if (*list++ != ',')
            return false;
    }
    return false;
}

// SplitMix64 (S. Vigna, public domain): any seed is a good one, also 1, 2, 3.
static unsigned random_below(unsigned limit)
{
    uint64_t z = state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    z ^= z >> 31;
    return (unsigned)((z >> 32) * limit >> 32);
}

static bool one_in(unsigned many)
{
    return random_below(many) == 0;
}

// PCT's start: every thread has a random priority, above all priorities that a
// change gives out later. A bug of depth d needs d - 1 changes, at points drawn
// from the whole run. That finds it with a probability that can be computed,
// which a random walk does not give.
void choice_start(void)
{
    point = 0;
    used = 0;
    surprises = 0;
    if (mode != SEED)
        return;
    state = the_seed * 2 + 1;
    lowest = 1000000;
    for (int i = 0; i < MAX_THREADS; i++)
        priority[i] = lowest + random_below(1000000);
    changes = (int)random_below(MAX_CHANGES + 1);
    for (int i = 0; i < changes; i++)
        change_at[i] = random_below(run_length);
}

unsigned choice_points(void)
{
    return point;
}

void choice_list(char *text, size_t size)
{
    size_t length = 0;
    for (int i = 0; i < choice_count && length < size; i++) {
        const Choice *choice = &choices[i];
        if (choice->chosen != 0)
            length += (size_t)snprintf(text + length, size - length, "%s%u.%d",
                                       length > 0 ? "," : "", choice->point,
                                       choice->chosen);
    }
    if (length == 0)
        snprintf(text, size, "0");
}

// The way that the list demands at this point, or -1 if the list has none.
static int from_list(void)
{
    if (used == choice_count || choices[used].point != point)
        return -1;
    const Choice *choice = &choices[used++];
    surprises += choice->chosen >= choice->free_ways;
    return choice->chosen;
}

// Repeats the list, then extends it: a new choice begins at way 0. Once the
// bound is used up only the free ways remain. A choice that no thread could
// notice is not recorded, so the search never branches there.
static int choose_every(int ways, int free_ways, bool worth)
{
    int chosen = from_list();
    if (chosen >= 0)
        return chosen;
    int allowed = surprises < max_surprises ? ways : free_ways;
    if (allowed < 2 || !worth || choice_count == MAX_CHOICES)
        return 0;
    choices[choice_count++] =
        (Choice){ .point = point,
                  .ways = (unsigned short)allowed,
                  .free_ways = (unsigned short)free_ways };
    used = choice_count;
    return 0;
}

// A list may come from another version of the program: a way that does not
// exist here is taken for the usual one.
static int choose_given(int ways)
{
    int chosen = from_list();
    return chosen < 0 || chosen >= ways ? 0 : chosen;
}

void choice_yield(int thread)
{
    priority[thread] = --lowest;
}

// PCT's rule: the highest priority always runs. At a change point the running
// thread (next[0]) drops below all others, which is PCT's only preemption.
static int highest_priority(const NextThread *next, int ways)
{
    for (int i = 0; i < changes; i++)
        if (change_at[i] == point)
            priority[next[0].thread] = --lowest;
    int best = 0;
    for (int i = 1; i < ways; i++)
        if (priority[next[i].thread] > priority[next[best].thread])
            best = i;
    return best;
}

// First the ways marked as a surprise (a wait that ends early), with a
// probability of 1/16, or if there is no other. Then PCT, or a random walk. A
// uniform walk switches threads all the time and seldom lets one run for long:
// so every second seed without PCT switches at one point in eight only.
static int choose_by_seed(const NextThread *next, int ways)
{
    int ordinary = 0;
    while (ordinary < ways && !next[ordinary].surprise)
        ordinary++;
    if (ordinary < ways && (ordinary == 0 || one_in(16)))
        return ordinary + (int)random_below((unsigned)(ways - ordinary));
    if (choice_seed_is_pct(the_seed))
        return highest_priority(next, ordinary);
    if (the_seed % 4 == 1 && !one_in(8))
        return 0;
    return (int)random_below((unsigned)ordinary);
}

int choose_next(const NextThread *next, int ways, int free_ways, bool worth)
{
    point++;
    if (ways < 2)
        return 0;
    if (mode == EVERY)
        return choose_every(ways, free_ways, worth);
    return mode == GIVEN ? choose_given(ways) : choose_by_seed(next, ways);
}

// Only way 0, the newest value or the first waiter, is free. By seed a surprise
// comes with a probability of 1/4: an old value is worth a try more often.
int choose_value(int ways)
{
    point++;
    if (ways < 2)
        return 0;
    if (mode == EVERY)
        return choose_every(ways, 1, true);
    if (mode == GIVEN)
        return choose_given(ways);
    return one_in(4) ? (int)random_below((unsigned)ways) : 0;
}
