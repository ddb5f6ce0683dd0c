// The parser of a file of events: lines, their nine fields, and the text in a
// field. A damaged line is counted and left out: a killed program leaves half a
// line. Invariant: every text of a Run is one line of valid UTF-8 without
// control characters, so no drawing has to check it again.

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "run_internal.h"

// Nothing is copied: a text is cleaned where it stands, and only becomes
// shorter.

enum { FIELDS = 9 };

// Bytes of the UTF-8 character at s (RFC 3629); 0 if it is not valid UTF-8. The
// zero byte behind the file ends every character that is cut off.
static size_t utf8_length(const unsigned char *s)
{
    // The first byte decides which second bytes are valid: this rules out forms
    // that are too long, surrogates (U+D800 to U+DFFF) and what is past
    // U+10FFFF.
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

// The recorder escapes a backslash, a line's end and a tab as \xHH. These have
// shorter names that readers know. 0 for any other text.
static char short_name(const char *escaped)
{
    if (strncmp(escaped, "\\x5C", 4) == 0)
        return '\\';
    if (strncmp(escaped, "\\x0A", 4) == 0)
        return 'n';
    return strncmp(escaped, "\\x09", 4) == 0 ? 't' : '\0';
}

// Cleans the text in its place, as Run promises. A question mark replaces each
// byte that the recorder would not have written: only damage leaves those.
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

// strtoll skips blanks and takes a sign; a field has to begin with a digit.
static bool to_number(const char *field, long long most, long long *number)
{
    char *end;
    errno = 0;
    *number = strtoll(field, &end, 10);
    return field[0] >= '0' && field[0] <= '9' && *end == '\0' && errno == 0 &&
           *number <= most;
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

// Link and lane are only checked for their range: a lane that no start names,
// or a link without a partner, is a matter of the later steps.
static bool parse_line(char *line, Event *event)
{
    char *f[FIELDS];
    long long number, ns, lane, link;
    int kind = 0;
    if (!split(line, f))
        return false;
    while (kind < EVENT_KINDS && strcmp(f[3], event_words[kind]) != 0)
        kind++;
    if (kind == EVENT_KINDS || !to_number(f[0], LONG_MAX, &number) ||
        !to_number(f[1], LLONG_MAX, &ns) || !to_number(f[2], UINT_MAX, &lane) ||
        lane == 0 || !to_number(f[4], LONG_MAX, &link))
        return false;
    *event = (Event){ (unsigned long)number,
                      ns,
                      (unsigned)lane,
                      (EventKind)kind,
                      (unsigned long)link,
                      clean(f[5]),
                      clean(f[6]),
                      clean(f[7]),
                      clean(f[8]) };
    return true;
}

static void add_line(Run *run, char *line, size_t number)
{
    // The array doubles whenever the count is a power of two.
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
    // A last line without an end: the program was killed while it wrote.
    if (*line && run->damaged++ == 0)
        run->damaged_at = number;
}
