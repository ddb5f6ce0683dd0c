// A finding: what is wrong with the program in one run, with places in its
// code.
//
// All rooms report findings, and a finding needs their help: so this file calls
// three hooks that main.c registers, and includes no other room. The invariant:
// the first @ in the text belongs to the calling thread's place, unless
// caller_is_last, and the next ones to those that find_place added, in order.

#include "finding.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

Finding finding, first_finding;

static FindingHooks hooks;

void finding_init(FindingHooks registered)
{
    hooks = registered;
}

void finding_start(void)
{
    finding = first_finding = (Finding){ .kind = "" };
}

bool is_finding(const Finding *it)
{
    return it->kind[0] != '\0';
}

void find_place(Place place)
{
    if (finding.place_count < MAX_PLACES)
        finding.places[finding.place_count++] = place;
}

// Kinds and texts decide which runs are the same finding (search.c), so texts
// hold names of threads and objects, and no address or value.
static void note(const char *kind, const void *place, const char *format,
                 va_list args)
{
    Place others[MAX_PLACES];
    int other_count = finding.place_count;
    if (!finding.caller_is_last) {
        memcpy(others, finding.places, sizeof others);
        finding.place_count = 0;
    }
    find_place(hooks.place_here(place));
    if (!finding.caller_is_last)
        for (int i = 0; i < other_count; i++)
            find_place(others[i]);
    snprintf(finding.kind, sizeof finding.kind, "%s", kind);
    vsnprintf(finding.text, sizeof finding.text, format, args);
}

// A run can have many data races, often of one cause. Only the first is kept:
// later ones may be its consequence.
void find_and_go_on(const char *kind, const void *place, const char *format,
                    ...)
{
    va_list args;
    va_start(args, format);
    note(kind, place, format, args);
    va_end(args);
    if (!is_finding(&first_finding))
        first_finding = finding;
    finding = (Finding){ .kind = "" };
}

// The program is not told: its thread simply never runs again.
_Noreturn void find(const char *kind, const void *place, const char *format,
                    ...)
{
    va_list args;
    va_start(args, format);
    note(kind, place, format, args);
    va_end(args);
    hooks.died(finding.kind);
    hooks.end_run();
    __builtin_unreachable();
}
