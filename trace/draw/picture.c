// The rows of the picture in the terminal: bars, arrows and words.
//
// Every function here draws in two passes over the same events (picture.h):
// while it measures, it only notes how wide each gap should be and counts the
// row. So both passes must make the same rows.

#include "picture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Of long pictures the first rows and the last ones are printed.
enum { FIRST_ROWS = 300, LAST_ROWS = 100 };

// The least width of the words that say why a lane waits forever, if there is
// room.
enum { FOREVER = 16 };

// `gaps` is p->need or p->want: must be that wide, or would look better so.
static void want(Picture *p, int *gaps, int column, int width)
{
    if (p->measuring && column >= 0 && width > gaps[column])
        gaps[column] = width;
}

// A row begins with the bars and with the legs of arrows on their way down;
// then words and an arrow are put over them. Its end prints it.

static void begin_row(Picture *p)
{
    static const Sign bars[] = { [STATE_NONE] = SIGN_BLANK,
                                 [STATE_RUNS] = SIGN_RUNS,
                                 [STATE_WAITS] = SIGN_WAITS,
                                 [STATE_MAP] = SIGN_MAP };
    if (p->measuring)
        return;
    row_clear(&p->row);
    for (int c = 0; c < p->count; c++) {
        const Column *column = &p->columns[c];
        if (column->state != STATE_NONE)
            row_put(&p->row, column->x, bars[column->state], column->shade);
        for (int i = 0; i < LEGS; i++) {
            if (column->legs[LEFT][i].post != NO_EVENT)
                row_put(&p->row, column->x - 2 - i, SIGN_LEG,
                        column->legs[LEFT][i].shade);
            if (column->legs[RIGHT][i].post != NO_EVENT)
                row_put(&p->row, column->x + 2 + i, SIGN_LEG,
                        column->legs[RIGHT][i].shade);
        }
    }
}

// Counts the row in both passes: the first one finds how many there are, and
// the second one then knows which of them to print.
static void end_row(Picture *p)
{
    size_t row = p->rows++;
    if (p->measuring)
        return;
    if (p->all_rows <= FIRST_ROWS + LAST_ROWS || row < FIRST_ROWS ||
        row >= p->all_rows - LAST_ROWS)
        row_print(&p->row);
    else if (row == FIRST_ROWS)
        printf("\n   ... %zu rows are left out here ...\n\n",
               p->all_rows - FIRST_ROWS - LAST_ROWS);
}

// The cells that the legs on this side of the bar take.
static int legs_width(const Column *column, int side)
{
    for (int i = LEGS; i > 0; i--)
        if (column->legs[side][i - 1].post != NO_EVENT)
            return i + 1;
    return 0;
}

// The innermost leg with no other leg outside of it, or -1: an arrow that turns
// down there crosses no other leg.
static int free_leg(const Column *column, int side)
{
    int width = legs_width(column, side);
    int leg = width > 0 ? width - 1 : 0;
    return leg < LEGS ? leg : -1;
}

void picture_words(Picture *p, int column, const char *words, int shade)
{
    const Column *c = &p->columns[column];
    int away = legs_width(c, RIGHT) + 2;
    want(p, p->need, column, away + 1 + text_width(&p->row, words));
    begin_row(p);
    if (!p->measuring) {
        int end =
            column + 1 < p->count ? p->columns[column + 1].x - 1 : p->row.width;
        row_text(&p->row, c->x + away, end, words, shade);
    }
    end_row(p);
}

// Words about a wait are printed once, in the first row in which the bar waits.
static bool has_to_tell(const Column *column)
{
    return column->state == STATE_WAITS && !column->told;
}

// The cells for words beside a bar, from the result up to *end, in a row where
// several bars have words.
static int beside(const Picture *p, int column, int *end)
{
    const Column *c = &p->columns[column], *next = c + 1;
    *end = column + 1 < p->count ? next->x - 1 - legs_width(next, LEFT)
                                 : p->row.width;
    return c->x + 2 + legs_width(c, RIGHT);
}

static void put_beside(Picture *p, int column, const char *words, int shade)
{
    int end, start = beside(p, column, &end);
    want(p, p->want, column,
         start - p->columns[column].x + 1 + text_width(&p->row, words));
    if (!p->measuring)
        row_text(&p->row, start, end, words, shade);
}

void picture_between(Picture *p)
{
    bool any = false;
    for (int c = 0; c < p->count; c++)
        any = any || has_to_tell(&p->columns[c]);
    if (!any)
        return;
    begin_row(p);
    for (int c = 0; c < p->count; c++)
        if (has_to_tell(&p->columns[c])) {
            Column *column = &p->columns[c];
            char words[WORDS];
            if (column->wait != NO_EVENT)
                put_beside(p, c,
                           words_of(p->run, column->wait, WORDS, "", words),
                           FAINT);
            column->told = true;
            column->wait = NO_EVENT;
        }
    end_row(p);
}

// Puts as many whole words beside the bar as there is room for, and at least
// one word, so that this ends. Returns the words that are left.
static const char *put_some(Picture *p, int column, const char *words)
{
    char line[WORDS];
    int end, start = beside(p, column, &end);
    size_t size = 0, length = strlen(words);
    while (size < length && size < WORDS - 1) {
        size_t next = size + 1 + strcspn(words + size + 1, " ");
        snprintf(line, sizeof line, "%.*s", (int)next, words);
        if (size > 0 && text_width(&p->row, line) > end - start)
            break;
        size = next;
    }
    snprintf(line, sizeof line, "%.*s", (int)size, words);
    put_beside(p, column, line, STRONG);
    words += size < WORDS - 1 ? size : length;
    return words + (*words == ' ');
}

// The first row says that these lanes wait, and the next rows say for what.
static void begin_forever(Picture *p, const char **words)
{
    begin_row(p);
    for (int c = 0; c < p->count; c++) {
        size_t wait = p->columns[c].wait;
        words[c] = wait == NO_EVENT ? "" : p->run->events[wait].text;
        if (wait != NO_EVENT)
            put_beside(p, c, p->run->died ? "waits" : "waits forever", STRONG);
        int width = text_width(&p->row, words[c]);
        want(p, p->need, c, 3 + (width < FOREVER ? width : FOREVER));
    }
    end_row(p);
}

void picture_forever(Picture *p)
{
    const char **words = need_memory(NULL, (size_t)p->count, sizeof *words);
    bool any = false;
    for (int c = 0; c < p->count; c++)
        any = any || p->columns[c].wait != NO_EVENT;
    if (any)
        begin_forever(p, words);
    while (any && !p->measuring) {
        any = false;
        begin_row(p);
        for (int c = 0; c < p->count; c++)
            if (words[c][0]) {
                words[c] = put_some(p, c, words[c]);
                any = any || words[c][0];
            }
        end_row(p);
    }
    free(words);
}

// Arrows.

// The words stand in the gap beside the sender, near it, with a blank on each
// side: the arrow's line passes behind them.
static void put_words(Picture *p, const Arrow *a, int end_space)
{
    bool right = a->to > a->from;
    int gap = right ? a->from : a->from - 1;
    const Column *c = &p->columns[gap];
    int left = legs_width(c, RIGHT), rest = legs_width(c + 1, LEFT);
    // Behind the words: a line, and the head or what this gap has of it.
    bool whole = right ? gap + 1 == a->to : gap == a->to;
    int far_end = whole ? end_space : 1;
    int before = right ? 2 + left : 1 + far_end + left;
    int behind = right ? 1 + far_end + rest : 2 + rest;
    int width = text_width(&p->row, a->words);
    want(p, p->need, gap, before + width + 2 + behind);
    if (p->measuring || width == 0)
        return;
    int start = c->x + before, end = (c + 1)->x - behind + 1;
    if (!right && end - start > width + 2)
        start = end - width - 2;
    if (end - start < 4)
        return;
    start = row_text(&p->row, start, end, " ", PLAIN);
    start = row_text(&p->row, start, end - 1, a->words, PLAIN);
    row_text(&p->row, start, end, " ", PLAIN);
}

// The arrow's end beside the receiver's bar: a head, a cross, or a turn down
// into a leg. Without a free leg it ends in a number, which picture_arrival
// repeats.
static void put_head(Picture *p, const Arrow *a, int leg)
{
    int step = a->to > a->from ? 1 : -1, x = p->columns[a->to].x;
    int shade = p->columns[a->from].shade;
    if (a->end == END_HEAD)
        row_put(&p->row, x - step, step > 0 ? SIGN_HEAD_RIGHT : SIGN_HEAD_LEFT,
                shade);
    if (a->end == END_LOST) {
        row_put(&p->row, x - step, SIGN_LOST, shade);
        p->lost = true;
    }
    if (a->end == END_LEG && leg >= 0)
        row_put(&p->row, x - step * (2 + leg),
                step > 0 ? SIGN_TURN_DOWN_RIGHT : SIGN_TURN_DOWN_LEFT, shade);
    if (a->end == END_LEG && leg < 0) {
        char number[24];
        int end = snprintf(number, sizeof number, "(%zu)", a->post + 1);
        int from = step > 0 ? x - 2 - LEGS - end : x + 2 + LEGS;
        row_text(&p->row, from, from + end, number, shade);
    }
}

// A map's bar stays whole: arrows from a map begin beside it.
static void put_start(Picture *p, const Arrow *a)
{
    bool right = a->to > a->from;
    const Column *from = &p->columns[a->from];
    if (from->state == STATE_MAP)
        return;
    Sign sign = right ? SIGN_FROM_LEFT : SIGN_FROM_RIGHT;
    if (a->ends_bar)
        sign = right ? SIGN_END_RIGHT : SIGN_END_LEFT;
    row_put(&p->row, from->x, sign, from->shade);
}

void picture_arrow(Picture *p, Arrow a)
{
    Column *to = &p->columns[a.to], *from = &p->columns[a.from];
    int side = a.to > a.from ? LEFT : RIGHT;
    int leg = a.end == END_LEG ? free_leg(to, side) : -1;
    begin_row(p);
    // The cells of the arrow's end: a head, a leg, or a number in parentheses.
    put_words(p, &a, a.end != END_LEG ? 2 : leg >= 0 ? 3 + leg : 12);
    if (!p->measuring) {
        put_start(p, &a);
        put_head(p, &a, leg);
        int near = leg >= 0 ? 2 + leg : a.end == END_LEG ? 3 + LEGS : 1;
        if (side == LEFT)
            row_line(&p->row, from->x + 1, to->x - near, a.line, from->shade);
        else
            row_line(&p->row, to->x + near, from->x - 1, a.line, from->shade);
    }
    // The leg goes on in the next row: this one has the turn.
    if (leg >= 0)
        to->legs[side][leg] = (Leg){ a.post, from->shade };
    end_row(p);
}

void picture_arrival(Picture *p, int to, size_t post)
{
    Column *c = &p->columns[to];
    int side = LEFT, leg = 0;
    while (side <= RIGHT && c->legs[side][leg].post != post) {
        leg = (leg + 1) % LEGS;
        side += leg == 0;
    }
    if (side > RIGHT) {
        char words[64];
        snprintf(words, sizeof words, "%s (%zu)", p->row.unicode ? "◀" : "<",
                 post + 1);
        picture_words(p, to, words, PLAIN);
        return;
    }
    int shade = c->legs[side][leg].shade, step = side == LEFT ? 1 : -1;
    c->legs[side][leg].post = NO_EVENT;
    begin_row(p);
    row_put(&p->row, c->x - step, step > 0 ? SIGN_HEAD_RIGHT : SIGN_HEAD_LEFT,
            shade);
    row_put(&p->row, c->x - step * (2 + leg),
            step > 0 ? SIGN_TURN_RIGHT : SIGN_TURN_LEFT, shade);
    for (int i = 0; i < leg; i++)
        if (c->legs[side][i].post == NO_EVENT)
            row_put(&p->row, c->x - step * (2 + i), SIGN_LINE, shade);
    end_row(p);
}
