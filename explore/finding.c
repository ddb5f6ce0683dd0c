#include "finding.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../common/trace_hooks.h"
#include "drawing.h"
#include "output.h"
#include "thread.h"

Finding finding, first_finding;

// An address in the thread, and the calls that led there.
static void add_place(const Thread *thread, const void *place)
{
    if (finding.place_count == MAX_PLACES)
        return;
    Place *added = &finding.places[finding.place_count++];
    *added = (Place){ { place } };
    int depth = thread == NULL ? 0 : thread->depth;
    if (depth > MAX_CALLS)
        depth = MAX_CALLS;
    for (int i = place == NULL ? 0 : 1; i < PLACE_DEPTH && depth > 0; i++)
        added->calls[i] = thread->calls[--depth];
}

void find_place(const void *place)
{
    add_place(NULL, place);
}

static void note(const char *kind, const void *place, const char *format,
                 va_list args)
{
    Place others[MAX_PLACES];
    int other_count = finding.place_count;
    if (!finding.caller_is_last) {
        memcpy(others, finding.places, sizeof others);
        finding.place_count = 0;
    }
    add_place(self, place);
    if (!finding.caller_is_last)
        for (int i = 0; i < other_count && i + 1 < MAX_PLACES; i++)
            finding.places[finding.place_count++] = others[i];
    snprintf(finding.kind, sizeof finding.kind, "%s", kind);
    vsnprintf(finding.text, sizeof finding.text, format, args);
}

void find_and_go_on(const char *kind, const void *place, const char *format,
                    ...)
{
    va_list args;
    va_start(args, format);
    note(kind, place, format, args);
    va_end(args);
    if (first_finding.kind[0] == '\0')
        first_finding = finding;
    finding = (Finding){ .kind = "" };
}

_Noreturn void find(const char *kind, const void *place, const char *format,
                    ...)
{
    va_list args;
    va_start(args, format);
    note(kind, place, format, args);
    va_end(args);
    traced_died(finding.kind);
    run_over();
}

static bool all_ended(void)
{
    for (int i = 0; i < thread_count; i++)
        if (threads[i].state != ENDED)
            return false;
    return true;
}

_Noreturn void find_deadlock(void)
{
    if (all_ended())
        run_over();
    snprintf(finding.kind, sizeof finding.kind, "deadlock");
    size_t length = (size_t)snprintf(finding.text, sizeof finding.text,
                                     "Nobody can go on.");
    for (int i = 0; i < thread_count; i++) {
        const Thread *thread = &threads[i];
        if (thread->state == ENDED || length >= sizeof finding.text)
            continue;
        length += (size_t)snprintf(finding.text + length,
                                   sizeof finding.text - length,
                                   "\n%s waits for %s at @.", thread->name,
                                   thread->wait.what);
        add_place(thread, thread->wait_place);
    }
    run_over();
}

_Noreturn void find_exit(int status)
{
    drawing_exit();
    if (status != 0) {
        snprintf(finding.kind, sizeof finding.kind, "exit status %d", status);
        snprintf(finding.text, sizeof finding.text,
                 "The program ends with status %d, in %s.", status, self->name);
    }
    run_over();
}

_Noreturn void give_up(const char *format, ...)
{
    output_restore();
    fputs("explore: ", stderr);
    va_list args;
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputs("\n", stderr);
    fflush(NULL);
    _exit(2);
}
