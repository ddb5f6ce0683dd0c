#include "choice.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef enum Mode { EVERY, SEED, GIVEN } Mode;

// A point at which something else could have been chosen, or was.
typedef struct Choice {
    unsigned point;
    unsigned short chosen, ways, free;
} Choice;

enum { MAX_CHOICES = 1 << 16, MAX_CHANGES = 4 };

static Mode mode;
static unsigned point;  // how many there were in this run

// EVERY and GIVEN: the list, what of it was used in this run, and how many
// surprises that made.
static Choice choices[MAX_CHOICES];
static int choice_count, used, surprises, max_surprises;

// SEED
static uint64_t the_seed, state;
static unsigned run_length;
static unsigned priority[MAX_THREADS];   // 0 is the lowest
static unsigned change_at[MAX_CHANGES];  // points, PCT only
static int changes;
static unsigned lowest;

void choice_every(int bound)
{
    mode = EVERY;
    max_surprises = bound;
    choice_count = 0;
}

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

// SplitMix64 (S. Vigna, public domain).
static uint64_t random_next(void)
{
    uint64_t z = state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

static unsigned random_below(unsigned limit)
{
    return (unsigned)((random_next() >> 32) * limit >> 32);
}

static bool one_in(unsigned many)
{
    return random_below(many) == 0;
}

// Priorities for PCT (S. Burckhardt et al., 2010): random ones at first,
// above those that a thread is given at a change.
static void start_seed(void)
{
    state = the_seed * 2 + 1;
    for (int i = 0; i < MAX_THREADS; i++)
        priority[i] = 1000000 + random_below(1000000);
    lowest = 1000000;
    changes = (int)random_below(MAX_CHANGES + 1);
    for (int i = 0; i < changes; i++)
        change_at[i] = random_below(run_length);
}

void choice_start(void)
{
    point = 0;
    used = 0;
    surprises = 0;
    if (mode == SEED)
        start_seed();
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

// What the list says for this point, or -1.
static int from_list(void)
{
    if (used == choice_count || choices[used].point != point)
        return -1;
    const Choice *choice = &choices[used++];
    surprises += choice->chosen >= choice->free;
    return choice->chosen;
}

static int choose_every(int ways, int free, bool worth)
{
    int chosen = from_list();
    if (chosen >= 0)
        return chosen;
    int allowed = surprises < max_surprises ? ways : free;
    if (allowed < 2 || !worth || choice_count == MAX_CHOICES)
        return 0;
    choices[choice_count++] = (Choice){ .point = point,
                                        .ways = (unsigned short)allowed,
                                        .free = (unsigned short)free };
    used = choice_count;
    return 0;
}

static int choose_given(int ways)
{
    int chosen = from_list();
    return chosen < 0 || chosen >= ways ? 0 : chosen;
}

void choice_yield(int thread)
{
    priority[thread] = --lowest;
}

// One of the ways that are no surprise in themselves, or now and then one
// of the others.
static bool picks_surprise(const NextThread *next, int ways, int *way)
{
    int ordinary = 0;
    while (ordinary < ways && !next[ordinary].surprise)
        ordinary++;
    if (ordinary == ways || (ordinary > 0 && !one_in(16)))
        return false;
    *way = ordinary + (int)random_below((unsigned)(ways - ordinary));
    return true;
}

static int highest_priority(const NextThread *next, int ways)
{
    for (int i = 0; i < changes; i++)
        if (change_at[i] == point)
            priority[next[0].thread] = --lowest;
    int best = 0;
    for (int i = 1; i < ways && !next[i].surprise; i++)
        if (priority[next[i].thread] > priority[next[best].thread])
            best = i;
    return best;
}

static int choose_by_seed(const NextThread *next, int ways)
{
    int way;
    if (picks_surprise(next, ways, &way))
        return way;
    if (choice_seed_is_pct(the_seed))
        return highest_priority(next, ways);
    int ordinary = 0;
    while (ordinary < ways && !next[ordinary].surprise)
        ordinary++;
    if (the_seed % 4 == 1 && !one_in(8))
        return 0;
    return (int)random_below((unsigned)ordinary);
}

int choose_next(const NextThread *next, int ways, int free, bool worth)
{
    point++;
    if (ways < 2)
        return 0;
    if (mode == EVERY)
        return choose_every(ways, free, worth);
    return mode == GIVEN ? choose_given(ways) : choose_by_seed(next, ways);
}

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
