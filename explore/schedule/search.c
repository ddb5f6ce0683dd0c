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

// An output, or a thing that is wrong and what was printed before.
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

static void run_and_keep(Search *search, bool by_seed, uint64_t seed)
{
    const char *output = search->run();
    if (is_finding(&first_finding))
        keep(search, &first_finding, "", by_seed, seed);
    keep(search, &finding, output, by_seed, seed);
}

static bool is_enough(const Search *search, double end)
{
    return (search->stop_at_finding && search->finding_count > 0) ||
           seconds() >= end;
}

static void forget_counts(Search *search)
{
    search->every = 0;
    for (int i = 0; i < search->output_count; i++)
        search->outputs[i].count = 0;
    for (int i = 0; i < search->finding_count; i++)
        search->findings[i].count = 0;
}

// Every run with at most so many surprises. Which objects more than one
// thread uses is learnt on the way; when there is a new one it starts over.
// Returns true when it has come to the end.
static bool search_all(Search *search, int bound, double end)
{
    bool more = true;
    choice_every(bound);
    forget_counts(search);
    while (more && !is_enough(search, end)) {
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

static void search_seeds(Search *search, double end)
{
    unsigned length = search_usual_length(search->run);
    for (uint64_t seed = search->first_seed;
         search->random + search->pct < search->schedules || seconds() < end;
         seed++) {
        if (search->stop_at_finding && search->finding_count > 0)
            return;
        choice_seed(seed, length);
        run_and_keep(search, true, seed);
        if (choice_seed_is_pct(seed))
            search->pct++;
        else
            search->random++;
    }
}

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
