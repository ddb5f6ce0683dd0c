// The picture in the terminal, row by row: a column for each lane (a timeline),
// and a row for each arrow, time downwards. Rows come in the order of the file,
// which agrees with happens-before.

#include "lanes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "order.h"
#include "picture.h"

// Only one thing changes the order of the rows: a second half is pulled up to
// its first half if no row of its own lane lies between. Then the two are one
// row, and the arrow is straight. Happens-before still holds: the lane keeps
// its order.

// Plays the events of the run: twice, to measure and then to print (picture.h).
typedef struct Player {
    const Run *run;
    Picture picture;
    size_t *next_in_lane;
    size_t *at;  // for each lane the first event that has not been played
} Player;

// NULL if the lane has no column: the terminal is too narrow for all of them.
static Column *column_of(Player *p, size_t event)
{
    int c = lane_column(&p->picture, p->run->events[event].lane);
    return c < 0 ? NULL : &p->picture.columns[c];
}

static bool lasts_forever(const Player *p, size_t event)
{
    return p->run->events[event].kind == EVENT_WAIT &&
           p->run->partner[event] == NO_EVENT;
}

// Events that have no row of their own.
static bool has_no_row(const Player *p, size_t event)
{
    EventKind kind = p->run->events[event].kind;
    return kind == EVENT_BEGIN || kind == EVENT_WAKE ||
           (kind == EVENT_WAIT && !lasts_forever(p, event)) ||
           (kind == EVENT_AWAIT && p->run->partner[event] == NO_EVENT);
}

// Plays an event without a row: it only changes the state of its column.
static void play_silently(Player *p, size_t event)
{
    const Event *e = &p->run->events[event];
    Column *c = column_of(p, event);
    p->at[e->lane - 1] = p->next_in_lane[event];
    if (c == NULL)
        return;
    if (e->kind == EVENT_WAIT) {
        c->state = STATE_WAITS;
        c->told = false;
        c->wait = event;
    } else if (c->state != STATE_MAP) {
        c->state = STATE_RUNS;
    }
}

// Plays the event ahead of time, if its lane has no row before it. The events
// in between, which have no row, are played on the way: a lane keeps its order.
static bool pull(Player *p, size_t event)
{
    if (event == NO_EVENT)
        return false;
    size_t *at = &p->at[p->run->events[event].lane - 1], i = *at;
    while (i != event && i != NO_EVENT && has_no_row(p, i))
        i = p->next_in_lane[i];
    if (i != event)
        return false;
    while (*at != event)
        play_silently(p, *at);
    play_silently(p, event);
    return true;
}

// A row with words instead of an arrow: the lane `other`, at the arrow's far
// end, has no column, or there is no such lane (0).
static void play_words(Player *p, size_t event, const char *before,
                       unsigned other)
{
    int column = lane_column(&p->picture, p->run->events[event].lane);
    char words[WORDS], line[WORDS + 300] = "";
    if (column < 0)
        return;
    words_of(p->run, event, 200, "...", words);
    const char *name = other == p->run->events[event].lane
                           ? "itself"
                           : p->run->lanes[other ? other - 1 : 0].name;
    if (other > 0)
        snprintf(line, sizeof line, "%s%.200s: %s", before, name, words);
    else
        snprintf(line, sizeof line, "%s%s", before, words);
    picture_words(&p->picture, column, line, PLAIN);
}

// An arrow between two lanes, either of which may have no column. The other
// half, if there is one, comes at once or later.
static void play_arrow(Player *p, size_t event, unsigned from, unsigned to,
                       Sign line, size_t other)
{
    Picture *pic = &p->picture;
    int a = lane_column(pic, from), b = lane_column(pic, to);
    char words[WORDS];
    words_of(p->run, event, 200, "...", words);
    if (a >= 0 && b >= 0 && a != b) {
        bool at_once = pull(p, other);
        picture_arrow(pic, (Arrow){ .from = a,
                                    .to = b,
                                    .words = words,
                                    .line = line,
                                    .end = at_once             ? END_HEAD
                                           : other == NO_EVENT ? END_LOST
                                                               : END_LEG,
                                    .post = event });
    } else if (other == NO_EVENT) {
        play_words(p, event, "lost: ", 0);
    } else {
        play_words(p, event, "to ", to);
    }
}

// A notify or a settle may have several second halves, and a lost post has
// none. A lost post is drawn to the lane that it was meant for.
static void play_post(Player *p, size_t event, Sign line)
{
    const Run *run = p->run;
    const Event *e = &run->events[event];
    size_t other = run->partner[event];
    if (other == NO_EVENT) {
        unsigned to = e->kind == EVENT_POST ? addressee_of(run, event)
                                            : run->lanes[e->lane - 1].parent;
        play_arrow(p, event, e->lane, to ? to : e->lane, line, NO_EVENT);
    }
    for (; other != NO_EVENT; other = run->next[other])
        play_arrow(p, event, e->lane, run->events[other].lane, line, other);
}

// A second half that was not pulled: the arrow of its first half is on its way.
static void play_second_half(Player *p, size_t event)
{
    const Run *run = p->run;
    size_t post = run->partner[event];
    int to = lane_column(&p->picture, run->events[event].lane);
    if (to < 0 || post == NO_EVENT)
        return;
    unsigned from = run->events[post].lane;
    if (lane_column(&p->picture, from) < 0)
        play_words(p, event, "from ", from);
    else if (from != run->events[event].lane)
        picture_arrival(&p->picture, to, post);
}

// The new lane's column begins with the arrow, or when the lane begins.
static void play_start(Player *p, size_t event)
{
    const Event *e = &p->run->events[event];
    int to = lane_column(&p->picture, (unsigned)e->link);
    if (to >= 0) {
        p->picture.columns[to].state = STATE_WAITS;
        p->picture.columns[to].told = true;
        p->picture.columns[to].wait = NO_EVENT;
        pull(p, p->run->lanes[e->link - 1].begin);
    }
    int a = lane_column(&p->picture, e->lane);
    char words[WORDS];
    words_of(p->run, event, 200, "...", words);
    if (a >= 0 && to >= 0 && a != to)
        picture_arrow(&p->picture, (Arrow){ .from = a,
                                            .to = to,
                                            .words = words,
                                            .line = SIGN_LINE });
    else
        play_words(p, event, "", (unsigned)e->link);
}

static void play_join(Player *p, size_t event)
{
    const Event *e = &p->run->events[event];
    int a = lane_column(&p->picture, (unsigned)e->link);
    int b = lane_column(&p->picture, e->lane);
    char words[WORDS];
    words_of(p->run, event, 200, "...", words);
    if (a >= 0 && b >= 0 && a != b) {
        picture_arrow(&p->picture, (Arrow){ .from = a,
                                            .to = b,
                                            .words = words,
                                            .line = SIGN_DASH,
                                            .ends_bar = true });
        p->picture.columns[a].state = STATE_NONE;
    } else {
        play_words(p, event, "", (unsigned)e->link);
    }
}

// The column ends here, or stays until the join: a thread that has ended and is
// not yet joined still exists.
static void play_end(Player *p, size_t event)
{
    Column *c = column_of(p, event);
    size_t join = p->run->partner[event];
    if (c == NULL)
        return;
    c->state = join == NO_EVENT ? STATE_NONE : STATE_WAITS;
    c->told = true;
    c->wait = NO_EVENT;
    if (pull(p, join))
        play_join(p, join);
}

// An arrow to the map for a change, and from the map for a look.
static void play_map_call(Player *p, size_t event)
{
    const Event *e = &p->run->events[event];
    int lane = lane_column(&p->picture, e->lane);
    int map = map_column(&p->picture, e->object);
    char words[WORDS];
    if (lane < 0 || map < 0) {
        play_words(p, event, "", 0);
        return;
    }
    words_of(p->run, event, 200, "...", words);
    bool asks = is_question(e);
    picture_arrow(&p->picture, (Arrow){ .from = asks ? map : lane,
                                        .to = asks ? lane : map,
                                        .words = words,
                                        .line = asks ? SIGN_DASH : SIGN_LINE });
}

// The reason is printed at the end (picture_forever): no row of this lane
// follows.
static void play_wait_forever(Player *p, size_t event)
{
    Column *c = column_of(p, event);
    if (c == NULL)
        return;
    c->state = STATE_WAITS;
    c->told = true;
    c->wait = event;
}

static void play_row(Player *p, size_t event)
{
    const Event *e = &p->run->events[event];
    switch (e->kind) {
    case EVENT_START:
        play_start(p, event);
        break;
    case EVENT_END:
        play_end(p, event);
        break;
    case EVENT_JOIN:
        play_join(p, event);
        break;
    case EVENT_POST:
        play_post(p, event, SIGN_LINE);
        break;
    case EVENT_SETTLE:
        play_post(p, event, SIGN_DASH);
        break;
    case EVENT_NOTIFY:
        if (p->run->partner[event] != NO_EVENT)
            play_post(p, event, SIGN_LINE);
        break;
    case EVENT_MAP:
        play_map_call(p, event);
        break;
    case EVENT_WAIT:
        play_wait_forever(p, event);
        break;
    case EVENT_REFUSED:
    case EVENT_CLOSE:
    case EVENT_CANCEL:
    case EVENT_DIED:
        play_words(p, event, "", 0);
        break;
    default:
        play_second_half(p, event);
        break;
    }
}

// If the lane is already behind the event, it was pulled.
static void play(Player *p)
{
    chain_lanes(p->run, p->at, p->next_in_lane);
    for (size_t i = 0; i < p->run->count; i++) {
        size_t *at = &p->at[p->run->events[i].lane - 1];
        if (*at != i)
            continue;
        if (has_no_row(p, i)) {
            play_silently(p, i);
            continue;
        }
        if (!lasts_forever(p, i))
            picture_between(&p->picture);
        *at = p->next_in_lane[i];
        play_row(p, i);
    }
    picture_between(&p->picture);
    picture_forever(&p->picture);
}

// The legend of the signs, and how much the terminal was too narrow for.
static void print_rest(const Picture *p)
{
    const Run *run = p->run;
    unsigned lanes = run->lane_count - (unsigned)p->lanes;
    size_t maps = p->maps.count - (size_t)(p->count - p->lanes);
    bool unicode = p->row.unicode;
    printf("\n%s runs   %s waits", unicode ? "│" : "|", unicode ? "┊" : ":");
    if (p->lost)
        printf("   %s never received", unicode ? "✗" : "x");
    printf("\n");
    if (lanes > 0)
        printf("%u threads do not fit: raise COLUMNS.\n", lanes);
    if (maps > 0)
        printf("%zu maps do not fit: raise COLUMNS.\n", maps);
}

bool lanes_print(const Run *run)
{
    Player p = { .run = run };
    p.next_in_lane = need_memory(NULL, run->count, sizeof(size_t));
    p.at = need_memory(NULL, run->lane_count, sizeof(size_t));
    picture_open(&p.picture, run);
    play(&p);  // only measures: the widths are known after all rows
    picture_lay_out(&p.picture);
    picture_names(&p.picture);
    play(&p);
    print_rest(&p.picture);
    picture_close(&p.picture);
    free(p.next_in_lane);
    free(p.at);
    return fflush(stdout) == 0 && !ferror(stdout);
}
