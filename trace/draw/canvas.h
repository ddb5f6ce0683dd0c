// One row of a picture in the terminal.

#ifndef CANVAS_H
#define CANVAS_H

#include <stdbool.h>

typedef enum Sign {
    SIGN_BLANK,
    SIGN_RUNS,        // a thread's bar
    SIGN_WAITS,       // and while it sleeps
    SIGN_MAP,         // a map's
    SIGN_FROM_LEFT,   // an arrow begins at the bar, to the right
    SIGN_FROM_RIGHT,  // to the left
    SIGN_END_LEFT,    // a bar's end, with an arrow to the left
    SIGN_END_RIGHT,
    SIGN_LINE,
    SIGN_DASH,
    SIGN_HEAD_RIGHT,
    SIGN_HEAD_LEFT,
    SIGN_LOST,
    SIGN_TURN_DOWN_RIGHT,  // from the left, down
    SIGN_TURN_DOWN_LEFT,   // from the right, down
    SIGN_TURN_RIGHT,       // from above, to the right
    SIGN_TURN_LEFT,
    SIGN_LEG,  // an arrow on its way down
    SIGNS
} Sign;

// How a cell is shown: a lane's colour from 1, or one of these.
enum { PLAIN = 0, FAINT = -1, STRONG = -2 };

typedef struct Cell {
    char text[5];  // one character, or "" behind a wide one
    bool line;     // drawn, and a line may pass behind it
    int shade;
} Cell;

typedef struct Row {
    Cell *cells;
    int width;
    bool unicode, colours;
} Row;

// The row is as wide as the variable COLUMNS says, or 80. It has colours on a
// terminal, unless NO_COLOR is set. It is in ASCII, unless the locale has
// UTF-8.
void row_open(Row *row);
void row_close(Row *row);

void row_clear(Row *row);
void row_put(Row *row, int x, Sign sign, int shade);

// A line from one place to another, both included. It passes behind what is
// already there.
void row_line(Row *row, int from, int to, Sign sign, int shade);

// Writes the text into the cells from x up to `end`, which is not included. A
// text that does not fit is cut and ends in an ellipsis. Returns the column
// behind it.
int row_text(Row *row, int x, int end, const char *text, int shade);

// The columns that the whole text takes.
int text_width(const Row *row, const char *text);

// Prints the row without the blanks at its end.
void row_print(const Row *row);

#endif
