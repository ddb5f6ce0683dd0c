// Whether a process that has died said what it should.
#include "fail_internal.h"

#include <stdio.h>
#include <string.h>

// The place in front of a sentence: a line of ours, or, for threads that have
// not called the library, and do not ask for memory either, "common". Returns
// what follows, or NULL.
static const char *skip_place(const char *line, FaultKind kind, bool inside)
{
    static const char file[] = "tests/proof/faults_", common[] = "common: ";
    if ((kind > FILES || inside) && strncmp(line, common, strlen(common)) == 0)
        return line + strlen(common);
    const char *end = strstr(line, ".c:");
    if (strncmp(line, file, strlen(file)) != 0 || end == NULL)
        return NULL;
    end += strlen(".c:");
    size_t digits = strspn(end, "0123456789");
    return digits > 0 && strncmp(end + digits, ": ", 2) == 0 ? end + digits + 2
                                                             : NULL;
}

// The rest of the line behind its number: any number, or the number that was
// asked for. NULL if the line has none.
static const char *skip_number(const char *line)
{
    char number[24];
    snprintf(number, sizeof number, "%zu", (size_t)fail_report->wanted);
    size_t digits = strspn(line, "0123456789");
    bool same = digits == strlen(number) && strncmp(line, number, digits) == 0;
    return digits > 0 && (same || fail_plan.used_up) ? line + digits : NULL;
}

// The rest of a line that must begin with these words, or NULL.
static const char *skip_words(const char *line, const char *words)
{
    static const char number[] = "%zu";
    const char *gap = strstr(words, number);
    size_t before = gap ? (size_t)(gap - words) : strlen(words);
    if (strncmp(line, words, before) != 0)
        return NULL;
    if (gap == NULL)
        return line + before;
    const char *after = gap + strlen(number);
    line = skip_number(line + before);
    return line && strncmp(line, after, strlen(after)) == 0
               ? line + strlen(after)
               : NULL;
}

static bool is_sentence(const char *line, const Fault *fault, bool inside,
                        const char *says)
{
    const char *words = fault->words ? fault->words : fault->call;
    const char *rest = skip_place(line, fault->kind, inside);
    const char *instead = rest && says ? skip_words(rest, says) : NULL;
    rest = rest && !instead ? skip_words(rest, words) : instead;
    if (rest == NULL)
        return false;
    // With the number all is said.
    const char *reason =
        strstr(words, "%zu") || fault->error == 0 ? "" : strerror(fault->error);
    size_t length = strlen(rest), end = strlen(reason);
    return end == 0 ? length == 0
                    : length >= end && strcmp(rest + length - end, reason) == 0;
}

static bool is_any_sentence(const char *line, bool inside, const char *says)
{
    for (int i = 0; i < FAULT_IDS; i++)
        if (faults[i].kind <= CAN_BE_USED_UP &&
            is_sentence(line, &faults[i], inside, says))
            return true;
    return false;
}

// Where all fail, two threads may die at once.
bool fail_says_why(char *said, bool inside, const char *says)
{
    unsigned lines = 0;
    char *end;
    for (char *line = said; *line; line = end + 1, lines++) {
        end = strchr(line, '\n');
        if (end == NULL)
            return false;
        *end = '\0';
        bool right =
            fail_plan.used_up
                ? is_any_sentence(line, inside, says)
                : is_sentence(line, &faults[fail_plan.id], inside, says);
        *end = '\n';
        if (!right)
            return false;
    }
    return lines == 1 || (lines > 1 && fail_plan.used_up);
}
