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
#include "trace.h"

static double seconds(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

// One run of the program; returns what it printed.
static const char *run(void)
{
    finding = (Finding){ .kind = "" };
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

static Result *result_for(Result *results, int *count, const char *output)
{
    for (int i = 0; i < *count; i++)
        if (strcmp(results[i].finding.kind, finding.kind) == 0 &&
            strcmp(results[i].finding.text, finding.text) == 0 &&
            (output == NULL || strcmp(results[i].output, output) == 0))
            return &results[i];
    if (*count == MAX_RESULTS)
        return NULL;
    Result *result = &results[(*count)++];
    result->finding = finding;
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

static void keep(Search *search, const char *output, bool by_seed,
                 uint64_t seed)
{
    bool wrong = finding.kind[0] != '\0';
    Result *result =
        wrong ? result_for(search->findings, &search->finding_count, NULL)
              : result_for(search->outputs, &search->output_count, output);
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
        keep(search, run(), false, 0);
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
        keep(search, run(), true, seed);
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

static void replay(void)
{
    trace_start(true);
    drawing_start(true);
    const char *output = run();
    trace_print();
    if (!drawing_end())
        give_up("What is to be drawn cannot be written.");
    fprintf(report, "\nIt prints:\n%s", output);
    if (finding.kind[0] != '\0') {
        fputc('\n', report);
        report_finding(&finding);
    }
}

void replay_seed(uint64_t seed)
{
    choice_seed(seed, usual_length());
    replay();
}

bool replay_schedule(const char *list)
{
    if (!choice_given(list))
        return false;
    replay();
    return true;
}
