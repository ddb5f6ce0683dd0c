// wcwidth is only there for who asks for it.
#define _XOPEN_SOURCE 700

#include "canvas.h"

#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

#include "run.h"

enum { NARROWEST = 40, USUAL = 80, WIDEST = 400, SHADES = 6 };

static const struct {
    const char *unicode, *ascii;
} signs[SIGNS] = {
    [SIGN_BLANK] = { " ", " " },          [SIGN_RUNS] = { "│", "|" },
    [SIGN_WAITS] = { "┊", ":" },          [SIGN_MAP] = { "║", "#" },
    [SIGN_FROM_LEFT] = { "├", "+" },      [SIGN_FROM_RIGHT] = { "┤", "+" },
    [SIGN_END_LEFT] = { "┘", "+" },       [SIGN_END_RIGHT] = { "└", "+" },
    [SIGN_LINE] = { "─", "-" },           [SIGN_DASH] = { "╌", "-" },
    [SIGN_HEAD_RIGHT] = { "▶", ">" },     [SIGN_HEAD_LEFT] = { "◀", "<" },
    [SIGN_LOST] = { "✗", "x" },           [SIGN_TURN_DOWN_RIGHT] = { "╮", "." },
    [SIGN_TURN_DOWN_LEFT] = { "╭", "." }, [SIGN_TURN_RIGHT] = { "╰", "`" },
    [SIGN_TURN_LEFT] = { "╯", "'" },      [SIGN_LEG] = { "│", "!" },
};

static bool in_utf8(void)
{
    const char *set = nl_langinfo(CODESET);
    return strcmp(set, "UTF-8") == 0 || strcmp(set, "utf8") == 0;
}

static int columns(void)
{
    const char *says = getenv("COLUMNS");
    int width = says ? atoi(says) : 0;
    return width <= 0          ? USUAL
           : width < NARROWEST ? NARROWEST
           : width > WIDEST    ? WIDEST
                               : width;
}

void row_open(Row *row)
{
    setlocale(LC_ALL, "");
    const char *no_colour = getenv("NO_COLOR");
    row->width = columns();
    row->cells = need_memory(NULL, (size_t)row->width, sizeof *row->cells);
    row->unicode = in_utf8();
    row->colours = isatty(STDOUT_FILENO) && !(no_colour && no_colour[0]);
    row_clear(row);
}

void row_close(Row *row)
{
    free(row->cells);
}

void row_clear(Row *row)
{
    for (int x = 0; x < row->width; x++)
        row->cells[x] = (Cell){ " ", false, PLAIN };
}

void row_put(Row *row, int x, Sign sign, int shade)
{
    if (x < 0 || x >= row->width)
        return;
    Cell *cell = &row->cells[x];
    snprintf(cell->text, sizeof cell->text, "%s",
             row->unicode ? signs[sign].unicode : signs[sign].ascii);
    cell->line = true;
    cell->shade = shade;
}

void row_line(Row *row, int from, int to, Sign sign, int shade)
{
    for (int x = from; x <= to; x++)
        if (x >= 0 && x < row->width && !row->cells[x].line)
            row_put(row, x, sign, shade);
}

// One character of a text: what is shown of it, and its columns.
typedef struct Character {
    char text[5];
    int width;
    size_t bytes;
} Character;

// The text is sound UTF-8. What has no width, such as accents that stand alone
// and signs that turn the direction, is left out.
static Character next_character(const Row *row, const char *text)
{
    const unsigned char *s = (const unsigned char *)text;
    Character c = { "", 1,
                    s[0] < 0x80   ? 1
                    : s[0] < 0xe0 ? 2
                    : s[0] < 0xf0 ? 3
                                  : 4 };
    memcpy(c.text, text, c.bytes);
    if (c.bytes == 1)
        return c;
    long code = s[0] & (0xff >> (c.bytes + 1));
    for (size_t i = 1; i < c.bytes; i++)
        code = code << 6 | (s[i] & 0x3f);
    if (row->unicode)
        c.width = wcwidth((wchar_t)code);
    else
        c.text[0] = '?', c.text[1] = '\0';
    if (c.width < 0)
        c.width = 0;
    return c;
}

int text_width(const Row *row, const char *text)
{
    int width = 0;
    while (*text) {
        Character c = next_character(row, text);
        width += c.width;
        text += c.bytes;
    }
    return width;
}

static void put_character(Row *row, int x, Character c, int shade)
{
    memcpy(row->cells[x].text, c.text, sizeof c.text);
    for (int i = 0; i < c.width; i++) {
        row->cells[x + i].shade = shade;
        row->cells[x + i].line = true;
        if (i > 0)
            row->cells[x + i].text[0] = '\0';
    }
}

// Writes characters while they fit. Returns where it ended, and in *text what
// is left.
static int put_text(Row *row, int x, int end, const char **text, int shade)
{
    while (**text && x >= 0) {
        Character c = next_character(row, *text);
        if (x + c.width > end)
            break;
        if (c.width > 0)
            put_character(row, x, c, shade);
        x += c.width;
        *text += c.bytes;
    }
    return x;
}

int row_text(Row *row, int x, int end, const char *text, int shade)
{
    if (end > row->width)
        end = row->width;
    const char *more = row->unicode ? "…" : "...";
    int more_width = text_width(row, more);
    bool fits = text_width(row, text) <= end - x;
    x = put_text(row, x, fits ? end : end - more_width, &text, shade);
    if (*text && x + more_width <= end)
        x = put_text(row, x, end, &more, shade);
    return x;
}

static void print_shade(int shade)
{
    // Those that are read best come first: green, magenta, cyan, blue, ...
    static const int colours[SHADES] = { 32, 35, 36, 34, 33, 31 };
    if (shade == PLAIN)
        fputs("\033[0m", stdout);
    else if (shade == FAINT)
        fputs("\033[0;2m", stdout);
    else if (shade == STRONG)
        fputs("\033[0;1m", stdout);
    else
        printf("\033[0;%dm", colours[(shade - 1) % SHADES]);
}

void row_print(const Row *row)
{
    int end = row->width, shade = PLAIN;
    while (end > 0 && strcmp(row->cells[end - 1].text, " ") == 0)
        end--;
    for (int x = 0; x < end; x++) {
        const Cell *cell = &row->cells[x];
        if (row->colours && cell->shade != shade)
            print_shade(shade = cell->shade);
        fputs(cell->text, stdout);
    }
    if (shade != PLAIN)
        print_shade(PLAIN);
    putchar('\n');
}
