// The listing of a replay: one line for each step, with thread, place,
// operation, object and value.
//
// The full listing has every scheduling point. The brief one has only the
// program's own lines at which another thread could see a difference: that is
// where the order matters, and it fits on a page.

#include "steps_print.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/shadow.h"
#include "output.h"
#include "schedule/steps.h"
#include "source_lines.h"
#include "symbols.h"

enum { LINE = 256, WIDTH = 80 };

// All places at once: one process instead of one for each step.
static void look_up_all(void)
{
    const void **all =
        malloc(((size_t)steps_count() * PLACE_DEPTH + 1) * sizeof *all);
    size_t count = 0;
    for (int i = 0; all != NULL && i < steps_count(); i++)
        for (int j = 0; j < PLACE_DEPTH; j++)
            all[count++] = steps_at(i)->place.calls[j];
    source_lines_look_up(all, count);
    free(all);
}

// Appends to a line of LINE bytes, cut to fit.
static void add(char *line, const char *format, ...)
{
    size_t length = strlen(line);
    va_list args;
    va_start(args, format);
    vsnprintf(line + length, LINE - length, format, args);
    va_end(args);
}

// "A" to "Z", "AA", "AB", ...
static void add_letters(char *line, int number)
{
    if (number >= 26)
        add_letters(line, number / 26 - 1);
    add(line, "%c", 'A' + number % 26);
}

// A variable has its name, with an offset inside an array or a struct. An
// object without a name (heap, stack) has letters, the same in every step.
static void add_object(char *line, int number)
{
    size_t offset = 0;
    const char *name = symbol_at(steps_object(number), &offset);
    add(line, " ");
    if (name != NULL)
        add(line, offset == 0 ? "%s" : "%s+%zu", name, offset);
    else
        add_letters(line, number);
}

static const char *place_at(const Step *step)
{
    const void *innermost = step->place.calls[0];
    return innermost == NULL ? "" : place_name(innermost);
}

// Whether the operation is in the program's own line, not in the library.
static bool is_direct(const Step *step)
{
    return strcmp(place_own(&step->place), place_at(step)) == 0;
}

// The type of the value is unknown: one that could be a small negative number
// is printed as such.
static void add_value(char *line, const Step *step)
{
    int unused = 64 - 8 * step->size;
    long long number = (long long)(step->value << unused) >> unused;
    if (number < 0 && number > -1000000)
        add(line, ": %lld", number);
    else
        add(line, ": %llu", (unsigned long long)step->value);
    if (step->back > 0)
        add(line, ", an older value");
}

static void add_what(char *line, const Step *step)
{
    add(line, "%s", step->what);
    if (step->object >= 0)
        add_object(line, step->object);
    if (step->has_value)
        add_value(line, step);
}

static void print_step(int number, const Step *step)
{
    char what[LINE] = "";
    add_what(what, step);
    fprintf(report, "%5d  %-12s %-18s %-22s %s\n", number, step->name,
            place_own(&step->place), is_direct(step) ? "" : place_at(step),
            what);
}

// Widths of the first two columns, for the brief listing.
static int longest_name, longest_place;

static void grow(int *longest, const char *text)
{
    if (*longest < (int)strlen(text))
        *longest = (int)strlen(text);
}

static void measure_columns(void)
{
    for (int i = 0; i < steps_count(); i++) {
        const char *own = place_own(&steps_at(i)->place);
        if (own[0] != '\0')
            grow(&longest_name, steps_at(i)->name);
        grow(&longest_place, own);
    }
}

// An operation in the program's own line is printed beside the text of that
// line. A call of the library is printed as that text only: its steps inside
// are none of the program's.
static void print_own_step(int number, const Step *step)
{
    char line[LINE] = "", what[LINE] = "", source[LINE];
    place_source(&step->place, source, sizeof source);
    add(line, "%5d  %-*s  %-*s  ", number, longest_name, step->name,
        longest_place, place_own(&step->place));
    if (is_direct(step)) {
        add_what(what, step);
        add(line, "%-22s %s", what, source);
    } else {
        add(line, "%s", source[0] == '\0' ? "calls the library" : source);
    }
    int length = (int)strnlen(line, WIDTH);
    while (length > 0 && line[length - 1] == ' ')
        length--;
    fprintf(report, "%.*s\n", length, line);
}

// Whether the brief listing has the step: an operation of the program's own on
// an object that several threads use, or the first step in a call of the
// library.
static bool is_own(const Step *step, const Step *last)
{
    const char *own = place_own(&step->place);
    if (own[0] == '\0')
        return false;
    if (is_direct(step))
        return step->object < 0 ||
               shadow_is_contended(steps_object(step->object));
    return last == NULL || last->thread != step->thread ||
           strcmp(own, place_own(&last->place)) != 0;
}

void steps_print(bool only_own)
{
    const Step *last = NULL;
    look_up_all();
    if (only_own)
        measure_columns();
    for (int i = 0; i < steps_count(); i++) {
        const Step *step = steps_at(i);
        if (only_own && !is_own(step, last))
            continue;
        if (only_own)
            print_own_step(i + 1, step);
        else
            print_step(i + 1, step);
        last = step;
    }
    if (steps_count() == MAX_STEPS)
        fprintf(report, "... The listing ends after %d steps.\n", MAX_STEPS);
}
