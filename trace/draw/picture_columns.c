// The columns of the picture: which lanes and maps have one, and its place.
// Each gap first gets the width it needs, then the width it wants, as long as
// the row has room. Invariant: gaps and bars together are never wider than the
// row.

#include <stdlib.h>
#include <string.h>

#include "order.h"
#include "picture.h"

// Columns that are closer than this could not show an arrow with a word.
enum { LEAST_GAP = 7 };

// Main runs from the start, maps are there from the start, and all other lanes
// begin later.
static void reset(Picture *p)
{
    for (int c = 0; c < p->count; c++) {
        Column *column = &p->columns[c];
        column->state = c < p->lanes ? STATE_NONE : STATE_MAP;
        column->told = false;
        column->wait = NO_EVENT;
        for (int i = 0; i < LEGS; i++)
            column->legs[LEFT][i].post = column->legs[RIGHT][i].post = NO_EVENT;
    }
    if (p->lanes > 0)
        p->columns[0].state = STATE_RUNS;
    p->rows = 0;
}

// Lanes and maps share the columns that fit: maps get at most half of them, or
// more if the lanes leave some. Lane 1, main, is always among them.
static void choose(Picture *p)
{
    int room = p->row.width / (LEAST_GAP + 2);
    int maps = p->maps.count < (size_t)room / 2 ? (int)p->maps.count : room / 2;
    unsigned lanes = p->run->lane_count;
    p->lanes = lanes < (unsigned)(room - maps) ? (int)lanes : room - maps;
    if (p->lanes + (int)p->maps.count <= room)
        maps = (int)p->maps.count;
    p->count = p->lanes + maps;
}

void picture_open(Picture *p, const Run *run)
{
    *p = (Picture){ .run = run, .measuring = true };
    size_t *order = order_of(run);
    p->maps = maps_of(run, order);
    free(order);
    row_open(&p->row);
    choose(p);
    p->columns = need_memory(NULL, (size_t)p->count, sizeof *p->columns);
    p->need = need_memory(NULL, (size_t)p->count, sizeof *p->need);
    p->want = need_memory(NULL, (size_t)p->count, sizeof *p->want);
    for (int c = 0; c < p->count; c++) {
        bool lane = c < p->lanes;
        p->columns[c] = (Column){ .name = lane ? run->lanes[c].name
                                               : p->maps.names[c - p->lanes],
                                  .shade = lane ? c + 1 : STRONG };
        p->need[c] = LEAST_GAP;
        p->want[c] = 0;
    }
    reset(p);
}

void picture_close(Picture *p)
{
    row_close(&p->row);
    free(p->columns);
    free(p->need);
    free(p->want);
    free(p->maps.names);
}

int lane_column(const Picture *p, unsigned lane)
{
    return lane > 0 && lane <= (unsigned)p->lanes ? (int)lane - 1 : -1;
}

int map_column(const Picture *p, const char *name)
{
    size_t place = map_place(p->maps, name);
    return place < (size_t)(p->count - p->lanes) ? p->lanes + (int)place : -1;
}

// A name is centered over its bar, and cut to 24 columns.
static int half_name(const Picture *p, int column)
{
    int half = text_width(&p->row, p->columns[column].name) / 2;
    return half < 12 ? half : 12;
}

static int widest(const int *gaps, int count)
{
    int at = 0;
    for (int i = 1; i < count; i++)
        if (gaps[i] > gaps[at])
            at = i;
    return at;
}

// Gives each gap the width that it needs; if there is too little room, the
// widest gap is made narrower, again and again. Room that is left goes round, a
// cell to each gap that wants more.
static void share_out(Picture *p, int room)
{
    int sum = 0, given;
    for (int c = 0; c < p->count; c++)
        sum += p->need[c];
    for (; sum > room && p->need[widest(p->need, p->count)] > 1; sum--)
        p->need[widest(p->need, p->count)]--;
    do {
        given = 0;
        for (int c = 0; c < p->count && sum < room; c++)
            if (p->need[c] < p->want[c]) {
                p->need[c]++;
                sum++;
                given++;
            }
    } while (given > 0);
}

// Names count as words that a gap needs: neighbours must not run into each
// other.
void picture_lay_out(Picture *p)
{
    for (int c = 0; c < p->count; c++) {
        int names = half_name(p, c) + 1;
        if (c + 1 < p->count)
            names += half_name(p, c + 1) + 1;
        if (p->need[c] < names)
            p->need[c] = names;
    }
    int x = half_name(p, 0);
    share_out(p, p->row.width - x - p->count);
    for (int c = 0; c < p->count; c++) {
        p->columns[c].x = x;
        x += 1 + p->need[c];
    }
    p->measuring = false;
    p->all_rows = p->rows;
    reset(p);
}

void picture_names(Picture *p)
{
    row_clear(&p->row);
    for (int c = 0; c < p->count; c++) {
        int width = text_width(&p->row, p->columns[c].name);
        int start = p->columns[c].x - (width < 25 ? width / 2 : 12);
        int end = c + 1 < p->count
                      ? p->columns[c + 1].x - half_name(p, c + 1) - 1
                      : p->row.width;
        row_text(&p->row, start, end, p->columns[c].name,
                 c < p->lanes ? p->columns[c].shade : STRONG);
    }
    row_print(&p->row);
}
