// Stateless model checking: iterative context bounding (M. Musuvathi and
// S. Qadeer, PLDI 2007), then random walks and PCT (S. Burckhardt et al.,
// ASPLOS 2010).
//
// All runs with a context bound of 0 come first, then of 1, then of 2. Few
// preemptions suffice for most bugs, and the number of runs with c preemptions
// grows only polynomially with the length of a run. There is no dynamic
// partial-order reduction and there are no sleep sets. The only reduction: no
// preemption is tried at an object that only one thread uses, or that no thread
// writes. Which objects these are is learnt from the runs.

#define _GNU_SOURCE
#include "search.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/give_up.h"
#include "choice.h"

static double seconds(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

unsigned search_usual_length(const char *(*run)(void))
{
    choice_every(0);
    run();
    return choice_points();
}

// Runs with the same verdict are one result with a count: a finding's text has
// no addresses or values of one run. A finding's output does not distinguish
// it.
static Result *result_for(Result *results, int *count, const Finding *wrong,
                          const char *output)
{
    for (int i = 0; i < *count; i++)
        if (strcmp(results[i].finding.kind, wrong->kind) == 0 &&
            strcmp(results[i].finding.text, wrong->text) == 0 &&
            (is_finding(wrong) || strcmp(results[i].output, output) == 0))
            return &results[i];
    if (*count == MAX_RESULTS)
        return NULL;
    Result *result = &results[(*count)++];
    result->finding = *wrong;
    return result;
}

static void describe(char *text, bool by_seed, uint64_t seed)
{
    char list[LONGEST_SCHEDULE - 10];
    if (by_seed) {
        snprintf(text, LONGEST_SCHEDULE, "SEED=%llu", (unsigned long long)seed);
    } else {
        choice_list(list, sizeof list);
        snprintf(text, LONGEST_SCHEDULE, "SCHEDULE=%s", list);
    }
}

// Counts a run: by its finding with the output before that, or by its output.
// The schedule of the first such run is kept. Because the context bound grows
// step by step, that schedule has few preemptions and is easy to read.
static void keep(Search *search, const Finding *wrong, const char *output,
                 bool by_seed, uint64_t seed)
{
    Result *result =
        is_finding(wrong)
            ? result_for(search->findings, &search->finding_count, wrong, NULL)
            : result_for(search->outputs, &search->output_count, wrong, output);
    if (result == NULL) {
        search->other_outputs++;
    } else if (result->output == NULL) {
        result->output = strdup(output);
        if (result->output == NULL)
            give_up("There is not enough memory.");
        describe(result->schedule, by_seed, seed);
    }
    if (result != NULL)
        result->count++;
}

// A run may have two findings: a data race that did not end it (--go-on), and
// the one that did.
static void run_and_keep(Search *search, bool by_seed, uint64_t seed)
{
    const char *output = search->run();
    if (is_finding(&first_finding))
        keep(search, &first_finding, "", by_seed, seed);
    keep(search, &finding, output, by_seed, seed);
}

// With --stop the first finding ends the search.
static bool is_enough(const Search *search)
{
    return search->stop_at_finding && search->finding_count > 0;
}

static void forget_counts(Search *search)
{
    search->every = 0;
    for (int i = 0; i < search->output_count; i++)
        search->outputs[i].count = 0;
    for (int i = 0; i < search->finding_count; i++)
        search->findings[i].count = 0;
}

// Every run with at most `bound` surprises. An object counts as contended only
// after a run in which a second thread used it. So earlier runs may have left
// out choices at it, and the search starts over. That ends: the set of
// contended objects only grows. Returns true when all runs were made in time.
static bool search_all(Search *search, int bound, double end)
{
    bool more = true;
    choice_every(bound);
    forget_counts(search);
    while (more && !is_enough(search) && seconds() < end) {
        run_and_keep(search, false, 0);
        search->every++;
        more = choice_next();
        if (search->contention_grew()) {
            choice_every(bound);
            forget_counts(search);
            more = true;
        }
    }
    if (!more)
        search->of_complete = search->every;
    return !more;
}

// Each seed is one run. The usual run's length tells PCT where its change
// points may lie: PCT needs that number, an estimate is enough.
static void search_seeds(Search *search, double end)
{
    unsigned length = search_usual_length(search->run);
    for (uint64_t seed = search->first_seed;
         search->random + search->pct < search->schedules || seconds() < end;
         seed++) {
        if (is_enough(search))
            return;
        choice_seed(seed, length);
        run_and_keep(search, true, seed);
        if (choice_seed_is_pct(seed))
            search->pct++;
        else
            search->random++;
    }
}

// Half of the time is for the bounded search. A bound is a result only when it
// was completed: "no bug with at most 2 preemptions" is then a proof for the
// schedules of this program and this input.
void search(Search *search)
{
    double start = seconds(), end = start + search->seconds;
    double half = start + search->seconds / 2;
    search->complete = -1;
    for (int bound = 0; bound <= search->bound; bound++) {
        if (!search_all(search, bound, half))
            break;
        search->complete = bound;
    }
    if (search->complete < search->bound || search->schedules > 0)
        search_seeds(search, end);
}
