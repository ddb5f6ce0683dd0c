// A row of cells for the terminal. Each cell is one character of UTF-8, or the
// second half of a wide one (East Asian width, from wcwidth). The invariant: as
// many cells as columns, so that what stands below each other lines up. In a
// locale without UTF-8 every sign has an ASCII twin of the same width.

// POSIX declares wcwidth only with this.
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

// A terminal that is "dumb" shows escape codes as letters.
static bool shows_colours(void)
{
    const char *no_colour = getenv("NO_COLOR");
    const char *terminal = getenv("TERM");
    return isatty(STDOUT_FILENO) && !(no_colour && no_colour[0]) &&
           !(terminal && strcmp(terminal, "dumb") == 0);
}

void row_open(Row *row)
{
    setlocale(LC_ALL, "");
    const char *says = getenv("COLUMNS");
    const char *set = nl_langinfo(CODESET);  // of the locale: after setlocale
    int width = says ? atoi(says) : 0;
    row->width = width <= 0          ? USUAL
                 : width < NARROWEST ? NARROWEST
                 : width > WIDEST    ? WIDEST
                                     : width;
    row->cells = need_memory(NULL, (size_t)row->width, sizeof *row->cells);
    row->unicode = strcmp(set, "UTF-8") == 0 || strcmp(set, "utf8") == 0;
    row->colours = shows_colours();
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

// Outside of the row nothing is drawn: a long arrow is cut, not an error.
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

// A line passes behind words and bars: only empty cells become line.
void row_line(Row *row, int from, int to, Sign sign, int shade)
{
    for (int x = from; x <= to; x++)
        if (x >= 0 && x < row->width && !row->cells[x].line)
            row_put(row, x, sign, shade);
}

// One character of a text: the bytes that are shown, its columns, and its
// length in the text.
typedef struct Character {
    char text[5];
    int width;
    size_t bytes;
} Character;

// The text is valid UTF-8 (run_parse.c). A character without a width is left
// out: an accent that stands alone, or a sign that turns the direction of
// writing.
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
    // The code point: the low bits of the first byte, and six of each other
    // one.
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

// Writes characters while they fit. Returns the column behind the last one, and
// in *text the rest. The second cell of a wide character holds an empty text.
static int put_text(Row *row, int x, int end, const char **text, int shade)
{
    while (**text && x >= 0) {
        Character c = next_character(row, *text);
        if (x + c.width > end)
            break;
        for (int i = 0; i < c.width; i++) {
            Cell *cell = &row->cells[x + i];
            *cell = (Cell){ "", true, shade };
            if (i == 0)
                memcpy(cell->text, c.text, sizeof c.text);
        }
        x += c.width;
        *text += c.bytes;
    }
    return x;
}

// The ellipsis needs columns too, so whether the whole text fits must be known
// before the first character is written.
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

// ANSI escape sequences (SGR). Each begins with a reset, so shades do not add
// up.
static void print_shade(int shade)
{
    // The colours that are easiest to read come first: green, magenta, cyan,
    // blue, ...
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

// An escape sequence only where the shade changes; the last one is a reset, so
// that nothing behind the row is coloured.
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
