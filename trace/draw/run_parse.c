// From the file's text to events.

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "run_internal.h"

enum { FIELDS = 9 };

// How many bytes the UTF-8 character at s has; 0 when it is none.
static size_t utf8_length(const unsigned char *s)
{
    // What the second byte must be at least and at most, by the first.
    unsigned low = s[0] == 0xe0 ? 0xa0 : s[0] == 0xf0 ? 0x90 : 0x80;
    unsigned high = s[0] == 0xed ? 0x9f : s[0] == 0xf4 ? 0x8f : 0xbf;
    size_t length = s[0] < 0x80    ? 1
                    : s[0] < 0xc2  ? 0
                    : s[0] < 0xe0  ? 2
                    : s[0] < 0xf0  ? 3
                    : s[0] <= 0xf4 ? 4
                                   : 0;
    if (length > 1 && (s[1] < low || s[1] > high))
        return 0;
    for (size_t i = 2; i < length; i++)
        if (s[i] < 0x80 || s[i] > 0xbf)
            return 0;
    return length;
}

// What the file escapes and people know by a shorter name; 0 for the rest.
static char short_name(const char *escaped)
{
    if (strncmp(escaped, "\\x5C", 4) == 0)
        return '\\';
    if (strncmp(escaped, "\\x0A", 4) == 0)
        return 'n';
    return strncmp(escaped, "\\x09", 4) == 0 ? 't' : '\0';
}

// Makes the text what Run promises, in its place. A question mark stands for
// what should not be there at all.
static const char *clean(char *text)
{
    unsigned char *to = (unsigned char *)text;
    const unsigned char *from = to;
    while (*from) {
        size_t length = utf8_length(from);
        char name = short_name((const char *)from);
        if (name) {
            *to++ = '\\';
            if (name != '\\')
                *to++ = (unsigned char)name;
            from += 4;
        } else if (length == 0 || *from < ' ' || *from == 0x7f) {
            *to++ = '?';
            from++;
        } else {
            while (length-- > 0)
                *to++ = *from++;
        }
    }
    *to = '\0';
    return text;
}

static bool to_number(const char *field, long long most, long long *number)
{
    char *end;
    errno = 0;
    *number = strtoll(field, &end, 10);
    return field[0] >= '0' && field[0] <= '9' && *end == '\0' && errno == 0 &&
           *number <= most;
}

static bool to_kind(const char *word, EventKind *kind)
{
    for (int k = 0; k < EVENT_KINDS; k++)
        if (strcmp(word, event_words[k]) == 0) {
            *kind = (EventKind)k;
            return true;
        }
    return false;
}

// Cuts the line at its tabs. Returns false when there are not nine fields.
static bool split(char *line, char *fields[FIELDS])
{
    for (int n = 0; n < FIELDS; n++) {
        fields[n] = line;
        char *tab = strchr(line, '\t');
        if (tab == NULL)
            return n == FIELDS - 1;
        *tab = '\0';
        line = tab + 1;
    }
    return false;
}

static bool parse_line(char *line, Event *event)
{
    char *f[FIELDS];
    long long number, ns, lane, link;
    EventKind kind;
    if (!split(line, f) || !to_number(f[0], LONG_MAX, &number) ||
        !to_number(f[1], LLONG_MAX, &ns) || !to_number(f[2], UINT_MAX, &lane) ||
        lane == 0 || !to_kind(f[3], &kind) || !to_number(f[4], LONG_MAX, &link))
        return false;
    *event = (Event){ (unsigned long)number,
                      ns,
                      (unsigned)lane,
                      kind,
                      (unsigned long)link,
                      clean(f[5]),
                      clean(f[6]),
                      clean(f[7]),
                      clean(f[8]) };
    return true;
}

static void add_line(Run *run, char *line, size_t number)
{
    // Room grows whenever the count is a power of two.
    if ((run->count & (run->count - 1)) == 0)
        run->events =
            need_memory(run->events, 2 * run->count + 1, sizeof *run->events);
    if (parse_line(line, &run->events[run->count])) {
        if (run->events[run->count].kind == EVENT_DIED)
            run->died = true;
        run->count++;
    } else if (run->damaged++ == 0) {
        run->damaged_at = number;
    }
}

void run_parse(Run *run, char *text, size_t size)
{
    // A zero byte would hide the rest of its line.
    for (size_t i = 0; i < size; i++)
        if (text[i] == '\0')
            text[i] = '?';
    size_t number = 1;
    char *line = text;
    for (char *end; (end = strchr(line, '\n')); line = end + 1, number++) {
        *end = '\0';
        if (line[0] != '#')
            add_line(run, line, number);
        else if (strcmp(line, "# end") == 0)
            run->complete = true;
        else if (strcmp(line, "# steps") == 0)
            run->steps = true;
    }
    // What has no end of line was being written when the program was killed.
    if (*line && run->damaged++ == 0)
        run->damaged_at = number;
}
