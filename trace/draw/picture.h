// Columns and rows of the picture in the terminal. A column is a thread or a
// map, a row is an arrow, a word beside a column, or what comes between.
//
// The picture is made twice: first it is measured, which finds how wide the gap
// behind each column should be and how many rows there are; then it is printed.

#ifndef PICTURE_H
#define PICTURE_H

#include "canvas.h"
#include "words.h"

// Where a column is in its life.
typedef enum State {
    STATE_NONE,  // not yet started, or joined
    STATE_RUNS,
    STATE_WAITS,  // also: not yet begun, or not yet joined
    STATE_MAP
} State;

// Arrows that have been sent and not received go down beside the receiver's
// bar, LEGS at each side. What else is on its way has a number instead.
enum { LEGS = 3, LEFT = 0, RIGHT = 1 };

typedef struct Leg {
    size_t post;  // or NO_EVENT
    int shade;
} Leg;

typedef struct Column {
    const char *name;
    int x, shade;
    State state;
    bool told;    // the bar has been shown while it waits
    size_t wait;  // what it waits for and has not said so, or NO_EVENT
    Leg legs[2][LEGS];
} Column;

typedef struct Picture {
    const Run *run;
    Maps maps;
    Column *columns;
    int count, lanes;  // columns in all, and those of lanes, which come first
    Row row;
    bool measuring;
    bool lost;         // there is an arrow that nobody received
    int *need, *want;  // the gap behind each column
    size_t rows, all_rows;
} Picture;

void picture_open(Picture *p, const Run *run);
void picture_close(Picture *p);

// After measuring: where the columns are, and all of them as at the start.
void picture_lay_out(Picture *p);

void picture_names(Picture *p);

// The column of a lane or a map; -1 when it did not fit.
int lane_column(const Picture *p, unsigned lane);
int map_column(const Picture *p, const char *name);

typedef enum ArrowEnd { END_HEAD, END_LEG, END_LOST } ArrowEnd;

// A row with an arrow. What comes later, with END_LEG, is the event `post`.
typedef struct Arrow {
    int from, to;
    const char *words;
    Sign line;
    ArrowEnd end;
    size_t post;
    bool ends_bar;  // the sender's bar ends here
} Arrow;

void picture_arrow(Picture *p, Arrow arrow);

// A row with the end of an arrow whose post was drawn with END_LEG.
void picture_arrival(Picture *p, int to, size_t post);

// A row with words beside a column.
void picture_words(Picture *p, int column, const char *words, int shade);

// A row that shows who waits, if that has not been shown yet.
void picture_between(Picture *p);

// The last rows: who waits for ever, and what for.
void picture_for_ever(Picture *p);

#endif
