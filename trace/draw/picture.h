// Columns and rows of the picture in the terminal. A column is a thread or a
// map, a row is an arrow, a word beside a column, or what comes between.
//
// The picture is made in two passes. The first one measures: it finds how wide
// the gap behind each column should be, and how many rows there are. The second
// one prints.

#ifndef PICTURE_H
#define PICTURE_H

#include "canvas.h"
#include "words.h"

// The state of a column, which its bar shows.
typedef enum State {
    STATE_NONE,  // not yet started, or joined
    STATE_RUNS,
    STATE_WAITS,  // also: not yet begun, or not yet joined
    STATE_MAP
} State;

// Arrows that have been sent and not yet received go down beside the receiver's
// bar, LEGS at each side. Any further arrow on its way has a number instead.
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
    size_t wait;  // a wait that is not yet explained, or NO_EVENT
    Leg legs[2][LEGS];
} Column;

typedef struct Picture {
    const Run *run;
    Maps maps;
    Column *columns;
    int count, lanes;  // columns in all, and those of lanes, which come first
    Row row;
    bool measuring;
    bool lost;         // there is an arrow that was never received
    int *need, *want;  // the gap behind each column
    size_t rows, all_rows;
} Picture;

void picture_open(Picture *p, const Run *run);
void picture_close(Picture *p);

// Between the two passes: sets the places of the columns, and resets their
// states.
void picture_lay_out(Picture *p);

void picture_names(Picture *p);

// The column of a lane or a map; -1 when it did not fit.
int lane_column(const Picture *p, unsigned lane);
int map_column(const Picture *p, const char *name);

typedef enum ArrowEnd { END_HEAD, END_LEG, END_LOST } ArrowEnd;

// A row with an arrow. With END_LEG its head comes later (picture_arrival), and
// `post` is the event that it began with.
typedef struct Arrow {
    int from, to;
    const char *words;
    Sign line;
    ArrowEnd end;
    size_t post;
    bool ends_bar;  // the sender's bar ends here
} Arrow;

void picture_arrow(Picture *p, Arrow arrow);

// A row with the end of an arrow that began with END_LEG.
void picture_arrival(Picture *p, int to, size_t post);

// A row with words beside a column.
void picture_words(Picture *p, int column, const char *words, int shade);

// A row that shows which lanes wait, if that has not been shown yet.
void picture_between(Picture *p);

// The last rows: the lanes that wait forever, and for what.
void picture_forever(Picture *p);

#endif
