// The words of a report. It is written into a buffer of fixed size, without
// memory and without locks, and so it is safe in a signal handler.
#include "base/base.h"

#include "deadlock_report.h"

#include <stdarg.h>

#ifndef COMMON_QUIET

enum { WIDTH = 78, LONGEST_CALL = 66 };

// The last space of the line becomes its end, and the word behind it begins the
// next line, with the indent. A word that begins a line stays where it is.
static void break_line(Report *report)
{
    size_t at = report->size, indent = report->indent;
    while (at > report->line && report->bytes[at - 1] != ' ')
        at--;
    if (at <= report->line + indent || report->size + indent >= REPORT_BYTES)
        return;
    char *word = report->bytes + at;
    word[-1] = '\n';
    memmove(word + indent, word, report->size - at);
    memset(word, ' ', indent);
    report->line = at;
    report->size += indent;
}

// A report that fills its buffer is cut.
static void say_bytes(Report *report, const char *text, size_t size)
{
    for (size_t i = 0; i < size && report->size < REPORT_BYTES - 1; i++) {
        report->bytes[report->size++] = text[i];
        if (text[i] == '\n')
            report->line = report->size;
        else if (text[i] != ' ' && report->size - report->line > WIDTH)
            break_line(report);
    }
}

static void say(Report *report, const char *text)
{
    say_bytes(report, text, strlen(text));
}

static void say_number(Report *report, size_t number)
{
    char digits[24];
    size_t at = sizeof digits;
    do
        digits[--at] = (char)('0' + number % 10);
    while ((number /= 10) > 0);
    say_bytes(report, digits + at, sizeof digits - at);
}

// Not vsnprintf, which may allocate or take locks.
void report_format(Report *report, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    for (const char *verb; (verb = strchr(format, '%')) != NULL;) {
        say_bytes(report, format, (size_t)(verb - format));
        if (verb[1] == 's') {
            say(report, va_arg(args, const char *));
            format = verb + strlen("%s");
        } else {
            say_number(report, va_arg(args, size_t));
            format = verb + strlen("%zu");
        }
    }
    say(report, format);
    va_end(args);
}

void report_paragraph(Report *report, size_t indent)
{
    report->indent = indent;
    say(report, "\n\n");
}

const char *place_name(const char *call_site)
{
    if (call_site == NULL)
        return "the library";
    const char *slash = strrchr(call_site, '/');
    return slash ? slash + 1 : call_site;
}

// The call as it was written, behind the place's NUL (call_site.h).
static const char *call_text(const char *call_site)
{
    return call_site + strlen(call_site) + 1;
}

// The bytes up to a comma or a bracket that is not inside other brackets.
static size_t argument_size(const char *text)
{
    int depth = 0;
    size_t size = 0;
    for (; text[size] && (depth > 0 || !strchr(",)", text[size])); size++) {
        if (strchr("([{", text[size]))
            depth++;
        if (strchr(")]}", text[size]))
            depth--;
    }
    return size;
}

bool report_argument(Report *report, const char *before, const char *call_site,
                     unsigned index)
{
    const char *at = call_site ? strchr(call_text(call_site), '(') : NULL;
    for (unsigned i = 0; at && i < index; i++) {
        at += 1 + argument_size(at + 1);
        if (*at != ',')
            at = NULL;
    }
    if (at == NULL)
        return false;
    at += 1 + strspn(at + 1, " &");
    say(report, before);
    say_bytes(report, at, argument_size(at));
    return true;
}

// With a number when several threads have the name.
static void say_name(Report *report, const Blocked *blocked)
{
    if (blocked->name == NULL) {
        report_format(report, "thread %zu", (size_t)blocked->number);
        return;
    }
    size_t same = 0, rank = 1;
    for (const Blocked *b = report->blocked; b; b = b->next)
        if (b->name && strcmp(b->name, blocked->name) == 0) {
            same++;
            rank += b->number < blocked->number;
        }
    say(report, blocked->name);
    if (same > 1)
        report_format(report, " %zu", rank);
}

static const Blocked *with_number(const Report *report, unsigned long number)
{
    const Blocked *b = report->blocked;
    while (b && b->number != number)
        b = b->next;
    return b;
}

// Notes an edge of the wait-for graph: from the thread whose wait is being
// explained to this one, or to NULL for a thread that does not wait.
static void say_other(Report *report, const Blocked *blocked)
{
    if (report->about) {
        report->about->waits_for = report->holders == 0 ? blocked : NULL;
        report->holders++;
    }
    if (blocked == NULL) {
        say(report, report->all ? "a thread that has ended"
                                : "a thread that does not wait");
    } else {
        say_name(report, blocked);
        say(report, blocked == report->about ? " itself" : ", which waits too");
    }
}

void report_thread(Report *report, unsigned long number)
{
    say_other(report, with_number(report, number));
}

void report_runner(Report *report, const void *runs)
{
    const Blocked *b = report->blocked;
    while (b && b->runs != runs)
        b = b->next;
    say_other(report, b);
}

bool report_may_look(const Report *report, unsigned long number)
{
    return number == thread_number() || with_number(report, number);
}

// "main, at main.c:12 for 0.3 s: port_receive(port, &msg)", then what it waits
// for.
static void say_blocked(Report *report, Blocked *blocked)
{
    size_t tenths = (size_t)((deadline_now_ns() - blocked->since) / 100000000);
    report_paragraph(report, 4);
    say_name(report, blocked);
    say(report, ", ");
    if (blocked->place)
        report_format(report, "at %s ", place_name(blocked->place));
    report_format(report, "for %zu.%zu s", tenths / 10, tenths % 10);
    if (blocked->place) {
        const char *call = call_text(blocked->place);
        bool cut = strlen(call) > LONGEST_CALL;
        say(report, ": ");
        say_bytes(report, call, cut ? LONGEST_CALL : strlen(call));
        say(report, cut ? "..." : "");
    }

    report->about = blocked;
    report->holders = 0;
    say(report, "\n    waits ");
    blocked->wait->explain(blocked->wait, report);
    if (blocked->explain_run)
        blocked->explain_run(blocked->runs, report);
    report->about = NULL;
}

// Whether the path of threads that wait for one other each comes back, in at
// most as many steps as there are threads.
static bool is_circle(const Report *report, const Blocked *first)
{
    const Blocked *at = first->waits_for;
    for (const Blocked *b = report->blocked; b && at && at != first;
         b = b->next)
        at = at->waits_for;
    return at == first;
}

static void say_circle(Report *report)
{
    const Blocked *first = report->blocked;
    while (first && !is_circle(report, first))
        first = first->next;
    if (first == NULL)
        return;
    report_paragraph(report, 0);
    say(report, "A circle: ");
    say_name(report, first);
    const Blocked *b = first;
    do {
        b = b->waits_for;
        say(report, " waits for ");
        say_name(report, b);
        say(report, b == first ? "." : ", which");
    } while (b != first);
}

void report_begin(Report *report, Blocked *blocked, bool all, const char *title)
{
    *report = (Report){ .blocked = blocked, .all = all };
    say(report, title);
    size_t count = 0;
    for (Blocked *b = blocked; b; b = b->next, count++) {
        b->waits_for = NULL;
        if (count < REPORT_THREADS)
            say_blocked(report, b);
    }
    if (count > REPORT_THREADS) {
        report_paragraph(report, 4);
        report_format(report, "And %zu more.", count - REPORT_THREADS);
    }
    say_circle(report);
}

// There is always room for it (say_bytes).
void report_end(Report *report)
{
    report->bytes[report->size++] = '\n';
}

void report_write(Report *report)
{
    report_end(report);
    write_to_stderr(report->bytes, report->size);
}

#endif
