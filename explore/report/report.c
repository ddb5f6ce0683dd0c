// The verdict of a search: how many schedules were run, the findings with their
// places, the outputs, and for each the schedule that gives it again.
//
// The first line says how far the search came. "All of them with at most 2
// preemptions" is a proof for that context bound; random and PCT schedules are
// only samples, and are counted separately. Other programs read these lines
// (scenarios.py, bugs.py, tools/workshop), so their form is fixed.

#include "report.h"

#include <stdio.h>
#include <string.h>

#include "output.h"
#include "source_lines.h"

// With thousands separators, as in 11,842: the numbers are long.
static void print_number(unsigned long number)
{
    if (number >= 1000) {
        print_number(number / 1000);
        fprintf(report, ",%03lu", number % 1000);
    } else {
        fprintf(report, "%lu", number);
    }
}

static void print_count(unsigned long number, const char *what)
{
    print_number(number);
    fprintf(report, " %s%s", what, number == 1 ? "" : "s");
}

// If no bound was completed, the runs that were made prove nothing: only their
// number is printed.
static void print_schedules(const Search *search)
{
    unsigned long seeds = search->random + search->pct;
    if (search->complete >= 0) {
        print_count(search->of_complete, "schedule");
        fprintf(report, ", all of them with at most ");
        print_count((unsigned long)search->complete, "preemption");
    } else {
        print_count(search->every, "schedule");
    }
    if (seeds > 0) {
        fprintf(report, ", and ");
        print_number(search->random);
        fprintf(report, " random and ");
        print_number(search->pct);
        fprintf(report, " PCT");
    }
}

static void print_share(const Result *result)
{
    fprintf(report, "(");
    print_count(result->count, "schedule");
    fprintf(report, "; make replay %s)", result->schedule);
}

static void print_indented(const char *text)
{
    while (*text != '\0') {
        size_t length = strcspn(text, "\n");
        fprintf(report, "    %.*s\n", (int)length, text);
        text += length + (text[length] == '\n');
    }
}

// Each @ in the text is the next place, such as "queue.c:88, from main.c:14".
void report_finding(const Finding *wrong)
{
    char place[400];
    int next = 0;
    fprintf(report, "%s: ", wrong->kind);
    for (const char *c = wrong->text; *c != '\0'; c++) {
        if (*c == '@' && next < wrong->place_count) {
            place_print(&wrong->places[next++], place, sizeof place);
            fputs(place, report);
        } else if (*c == '\n') {
            fputs("\n    ", report);
        } else {
            fputc(*c, report);
        }
    }
    fputc('\n', report);
}

static void print_outputs(const Search *search)
{
    for (int i = 0; i < search->output_count; i++) {
        const Result *output = &search->outputs[i];
        fprintf(report, "\nOutput %d ", i + 1);
        print_share(output);
        fprintf(report, ":\n");
        print_indented(output->output);
    }
    if (search->other_outputs > 0)
        fprintf(report,
                "\nMore than %d outputs: the others came in %lu schedules.\n",
                MAX_RESULTS, search->other_outputs);
}

static void print_findings(const Search *search)
{
    for (int i = 0; i < search->finding_count; i++) {
        const Result *result = &search->findings[i];
        fprintf(report, "\n");
        report_finding(&result->finding);
        fprintf(report, "    ");
        print_share(result);
        fprintf(report, "\n");
        if (result->output[0] != '\0') {
            fprintf(report, "  The program had printed:\n");
            print_indented(result->output);
        }
    }
}

int report_search(const Search *search, bool one_output, bool brief)
{
    print_schedules(search);
    fprintf(report, ": ");
    if (search->finding_count > 0) {
        print_count((unsigned long)search->finding_count, "finding");
        fprintf(report, ", ");
    }
    print_count((unsigned long)search->output_count, "output");
    fprintf(report, "\n");
    print_findings(search);
    if (!brief)
        print_outputs(search);
    fflush(report);
    return search->finding_count > 0 ||
           (one_output && search->output_count > 1);
}
