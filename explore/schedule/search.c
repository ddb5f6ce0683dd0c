#define _GNU_SOURCE
#include "search.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "choice.h"
#include "drawing.h"
#include "finding.h"
#include "history.h"
#include "output.h"
#include "program.h"
#include "report.h"
#include "shadow.h"
#include "sync.h"
#include "thread.h"
#include "steps.h"

static double seconds(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

// One run of the program; returns what it printed.
static const char *run(void)
{
    finding = first_finding = (Finding){ .kind = "" };
    shadow_start();
    history_start();
    sync_start();
    program_start();
    choice_start();
    output_start();
    threads_run(program_main, NULL);
    return output_end();
}

// How many points the usual run has: the seeds' changes fall within.
static unsigned usual_length(void)
{
    choice_every(0);
    run();
    return choice_points();
}

static bool is_finding(const Finding *it)
{
    return it->kind[0] != '\0';
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
    const char *output = run();
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
        if (shadow_contention_grew()) {
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
    unsigned length = usual_length();
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

static void replay_finding(const Finding *wrong)
{
    fputc('\n', report);
    report_finding(wrong);
}

static void replay(bool brief)
{
    steps_start(true);
    drawing_start(true);
    const char *output = run();
    steps_print(brief);
    if (!drawing_end())
        give_up("What is to be drawn cannot be written.");
    fprintf(report, "\nIt prints:\n%s", output);
    if (is_finding(&first_finding))
        replay_finding(&first_finding);
    if (is_finding(&finding))
        replay_finding(&finding);
}

void replay_seed(uint64_t seed, bool brief)
{
    choice_seed(seed, usual_length());
    replay(brief);
}

bool replay_schedule(const char *list, bool brief)
{
    if (!choice_given(list))
        return false;
    replay(brief);
    return true;
}
