#include "base/base.h"

#include "deadlock_report.h"

#include <unistd.h>

#ifndef COMMON_QUIET

enum { WIDTH = 78, LONGEST_CALL = 66 };

// Where there is no room any more, the report is cut.
static void put(Report *report, const char *bytes, size_t size)
{
    size_t room = sizeof report->bytes - 1 - report->size;
    if (size > room)
        size = room;
    memcpy(report->bytes + report->size, bytes, size);
    report->size += size;
}

static void new_line(Report *report, size_t indent)
{
    static const char spaces[] = "        ";
    put(report, "\n", 1);
    report->line = report->size;
    put(report, spaces, indent);
}

// What is behind the line's last space goes to the next one. A word that begins
// a line stays where it is.
static void break_line(Report *report)
{
    size_t at = report->size;
    while (at > report->line && report->bytes[at - 1] != ' ')
        at--;
    size_t size = report->size - at;
    char word[WIDTH + 1];
    if (at <= report->line + report->indent || size > sizeof word)
        return;
    memcpy(word, report->bytes + at, size);
    report->size = at - 1;
    new_line(report, report->indent);
    put(report, word, size);
}

void report_say_some(Report *report, const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        put(report, text + i, 1);
        if (report->size - report->line > WIDTH && text[i] != ' ')
            break_line(report);
    }
}

void report_say(Report *report, const char *text)
{
    report_say_some(report, text, strlen(text));
}

void report_number(Report *report, unsigned long number)
{
    char digits[24];
    size_t at = sizeof digits;
    do
        digits[--at] = (char)('0' + number % 10);
    while ((number /= 10) > 0);
    report_say_some(report, digits + at, sizeof digits - at);
}

void report_count(Report *report, unsigned long count, const char *thing)
{
    report_number(report, count);
    report_say(report, " ");
    report_say(report, thing);
    report_say(report, count == 1 ? "" : "s");
}

void report_paragraph(Report *report, size_t indent)
{
    report->indent = indent;
    put(report, "\n", 1);
    new_line(report, 0);
}

void report_place(Report *report, const char *call_site)
{
    const char *slash = call_site ? strrchr(call_site, '/') : NULL;
    report_say(report, call_site == NULL ? "the library"
                       : slash           ? slash + 1
                                         : call_site);
}

// Behind the place's NUL (die.h).
static const char *call_text(const char *call_site)
{
    return call_site + strlen(call_site) + 1;
}

// Up to a comma or a bracket that is not inside others.
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

const char *report_argument(const char *call_site, unsigned index, size_t *size)
{
    const char *at = call_site ? strchr(call_text(call_site), '(') : NULL;
    for (unsigned i = 0; at && i < index; i++) {
        at += 1 + argument_size(at + 1);
        if (*at != ',')
            at = NULL;
    }
    if (at == NULL)
        return NULL;
    at++;
    *size = argument_size(at);
    while (*size > 0 && strchr(" &", *at)) {
        at++;
        --*size;
    }
    return at;
}

// Threads.

static bool same_name(const Blocked *one, const Blocked *other)
{
    return one->name && other->name && strcmp(one->name, other->name) == 0;
}

// With a number when others have the same one.
static void say_name(Report *report, const Blocked *blocked)
{
    unsigned long rank = 1;
    bool alone = true;
    for (const Blocked *b = report->blocked; b; b = b->next) {
        if (b == blocked || !same_name(b, blocked))
            continue;
        alone = false;
        rank += b->number < blocked->number;
    }
    report_say(report, blocked->name ? blocked->name : "thread");
    if (blocked->name && alone)
        return;
    report_say(report, " ");
    report_number(report, blocked->name ? rank : blocked->number);
}

static const Blocked *with_number(const Report *report, unsigned long number)
{
    const Blocked *b = report->blocked;
    while (b && b->number != number)
        b = b->next;
    return b;
}

static const Blocked *that_runs(const Report *report, const void *runs)
{
    const Blocked *b = report->blocked;
    while (b && b->runs != runs)
        b = b->next;
    return b;
}

static void say_other(Report *report, const Blocked *blocked)
{
    if (report->about) {
        report->about->waits_for = blocked;
        report->about->holders++;
    }
    if (blocked == NULL) {
        report_say(report, report->all ? "a thread that has ended"
                                       : "a thread that does not wait");
        return;
    }
    say_name(report, blocked);
    report_say(report,
               blocked == report->about ? " itself" : ", which waits too");
}

void report_thread(Report *report, unsigned long number)
{
    say_other(report, with_number(report, number));
}

void report_runner(Report *report, const void *runs)
{
    say_other(report, that_runs(report, runs));
}

const char *report_call(const Report *report)
{
    return report->about->place;
}

bool report_may_look(const Report *report, unsigned long number)
{
    return number == report->self || with_number(report, number);
}

// "0.3 s"
static void say_span(Report *report, long long ns)
{
    unsigned long tenths = (unsigned long)(ns / 100000000);
    report_number(report, tenths / 10);
    report_say(report, ".");
    report_number(report, tenths % 10);
    report_say(report, " s");
}

static void say_call(Report *report, const char *place)
{
    const char *text = call_text(place);
    size_t size = strlen(text);
    report_say(report, ": ");
    report_say_some(report, text, size < LONGEST_CALL ? size : LONGEST_CALL);
    if (size > LONGEST_CALL)
        report_say(report, "...");
}

static void say_blocked(Report *report, Blocked *blocked)
{
    report_paragraph(report, 4);
    say_name(report, blocked);
    report_say(report, ", ");
    if (blocked->place) {
        report_say(report, "at ");
        report_place(report, blocked->place);
        report_say(report, " ");
    }
    report_say(report, "for ");
    say_span(report, deadline_now_ns() - blocked->since);
    if (blocked->place)
        say_call(report, blocked->place);

    blocked->waits_for = NULL;
    blocked->holders = 0;
    report->about = blocked;
    new_line(report, 4);
    report_say(report, "waits ");
    blocked->wait->explain(blocked->wait, report);
    if (blocked->explain_run)
        blocked->explain_run(blocked->runs, report);
    report->about = NULL;
}

void report_threads(Report *report)
{
    unsigned long count = 0;
    for (Blocked *b = report->blocked; b; b = b->next, count++)
        if (count < REPORT_THREADS)
            say_blocked(report, b);
    if (count <= REPORT_THREADS)
        return;
    report_paragraph(report, 4);
    report_say(report, "And ");
    report_number(report, count - REPORT_THREADS);
    report_say(report, " more.");
}

// The next in a chain of threads that wait for one other each.
static const Blocked *next_of(const Blocked *blocked)
{
    return blocked->holders == 1 ? blocked->waits_for : NULL;
}

// Somebody on a circle that the chain leads to, or NULL.
static const Blocked *on_circle(const Report *report)
{
    const Blocked *slow = report->blocked;
    const Blocked *fast = slow;
    while (fast && next_of(fast)) {
        slow = next_of(slow);
        fast = next_of(next_of(fast));
        if (slow == fast)
            return slow;
    }
    return NULL;
}

void report_circle(Report *report)
{
    const Blocked *first = on_circle(report);
    if (first == NULL)
        return;
    report_paragraph(report, 0);
    report_say(report, "A circle: ");
    say_name(report, first);
    const Blocked *b = first;
    do {
        b = next_of(b);
        report_say(report, " waits for ");
        say_name(report, b);
        report_say(report, b == first ? "." : ", which");
    } while (b != first);
}

void report_start(Report *report, Blocked *blocked, bool all)
{
    report->blocked = blocked;
    report->about = NULL;
    report->all = all;
    report->self = thread_number();
    report->line = 0;
    report->indent = 0;
    report->size = 0;
}

void report_write(Report *report)
{
    put(report, "\n", 1);
    size_t done = 0;
    while (done < report->size) {
        ssize_t n =
            write(STDERR_FILENO, report->bytes + done, report->size - done);
        if (n <= 0)
            return;
        done += (size_t)n;
    }
}

#endif
