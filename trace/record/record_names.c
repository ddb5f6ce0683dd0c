// The names of threads and things, by address, and the links of messages. A
// thing is in a hash table with chaining; its messages on the way are a FIFO
// queue of links, as in a channel. Addresses are reused after a free, so the
// hooks forget a thing when it ends. The caller has the recorder's lock
// (record_enter).

#include "record_names.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "record_events.h"

typedef struct Lane {
    const void *id;
    char name[WORDS];
    bool begun, ended;
} Lane;

// A message on its way, in a singly linked queue.
typedef struct Sent {
    unsigned long link;
    struct Sent *next;
} Sent;

typedef struct Thing {
    const void *at;
    char name[WORDS];
    Sent *first, *last;
    unsigned long noted;
    bool port;
    struct Thing *next;  // in its list
} Thing;

enum { LISTS = 1024 };

static Lane *lanes;  // lane 1 is the first
static unsigned lane_count, lane_room;
static Thing *things[LISTS];
static unsigned long last_link;

// 0 is no link, so the first one is 1.
unsigned long names_link(void)
{
    return ++last_link;
}

static void *checked(void *memory)
{
    if (memory == NULL) {
        fputs(
            "trace: out of memory for the names of this run: let it do less\n",
            stderr);
        abort();
    }
    return memory;
}

// Lanes. Lane n is lanes[n - 1]; lane 0 is no lane, and every call does nothing
// for it: a hook need not ask first.

// The lane of that name, or 0.
static unsigned lane_named(const char *name)
{
    unsigned lane = lane_count;
    while (lane > 0 && strcmp(lanes[lane - 1].name, name) != 0)
        lane--;
    return lane;
}

// Names are unique: the second worker is "worker 2". The name is cut where the
// number needs room.
unsigned lane_new(const void *id, const char *name)
{
    if (lane_count == lane_room) {
        lane_room = lane_room > 0 ? 2 * lane_room : 16;
        lanes = checked(realloc(lanes, lane_room * sizeof *lanes));
    }
    Lane lane = { .id = id };
    snprintf(lane.name, sizeof lane.name - 20, "%s", name);
    for (unsigned i = 2; lane_named(lane.name); i++)
        snprintf(lane.name, sizeof lane.name, "%.200s %u", name, i);
    lanes[lane_count++] = lane;
    return lane_count;
}

// From the newest on: an address that is used again means the newest lane.
unsigned lane_of(const void *id)
{
    for (unsigned lane = id ? lane_count : 0; lane > 0; lane--)
        if (lanes[lane - 1].id == id)
            return lane;
    return 0;
}

// The threads of a pool have one address, the pool's: they begin in any order,
// and each takes the next lane.
unsigned lane_next(const void *id)
{
    for (unsigned lane = 1; lane <= lane_count; lane++)
        if (lanes[lane - 1].id == id && !lanes[lane - 1].begun)
            return lane;
    return 0;
}

void lane_forget(unsigned lane)
{
    if (lane > 0)
        lanes[lane - 1].id = NULL;
}

void lane_begin(unsigned lane)
{
    if (lane > 0)
        lanes[lane - 1].begun = true;
}

bool lane_has_begun(unsigned lane)
{
    return lane > 0 && lanes[lane - 1].begun;
}

const char *lane_name(unsigned lane)
{
    return lane > 0 ? lanes[lane - 1].name : "";
}

void lane_end(unsigned lane)
{
    if (lane > 0)
        lanes[lane - 1].ended = true;
}

bool lane_has_ended(unsigned lane)
{
    return lane > 0 && lanes[lane - 1].ended;
}

// Things: ports, queues, futures, pools, maps, and words that threads sleep on.

// Addresses from malloc are multiples of 16: the low bits say nothing.
static Thing **list_of(const void *thing)
{
    return &things[((uintptr_t)thing >> 4) % LISTS];
}

static Thing *find(const void *at)
{
    Thing *thing = *list_of(at);
    while (thing && thing->at != at)
        thing = thing->next;
    return thing;
}

static Thing *find_or_make(const void *at)
{
    Thing *thing = find(at);
    if (thing == NULL) {
        thing = checked(calloc(1, sizeof *thing));
        thing->at = at;
        thing->next = *list_of(at);
        *list_of(at) = thing;
    }
    return thing;
}

// A name with a variable index, as workers[i], means another thing each time:
// it only counts if the thing has no better name.
void thing_named(const void *at, const char *name)
{
    Thing *thing = find_or_make(at);
    const char *index = strchr(name, '[');
    bool varies = index && (index[1] < '0' || index[1] > '9');
    if (thing->name[0] == '\0' || !varies)
        snprintf(thing->name, WORDS, "%s", name);
}

void thing_is_port(const void *thing)
{
    find_or_make(thing)->port = true;
}

const char *port_name(const void *port)
{
    const Thing *found = find(port);
    return found && found->port ? found->name : "";
}

const char *thing_name(const void *thing)
{
    const Thing *found = find(thing);
    return found ? found->name : "";
}

// Messages on the way are forgotten too: they can no longer be received.
void thing_forget(const void *at)
{
    Thing **link = list_of(at);
    while (*link && (*link)->at != at)
        link = &(*link)->next;
    Thing *thing = *link;
    if (thing) {
        *link = thing->next;
        for (Sent *sent = thing->first, *next; sent; sent = next) {
            next = sent->next;
            free(sent);
        }
        free(thing);
    }
}

unsigned long thing_send(const void *at)
{
    Thing *thing = find_or_make(at);
    Sent *sent = checked(calloc(1, sizeof *sent));
    sent->link = names_link();
    if (thing->last)
        thing->last->next = sent;
    else
        thing->first = sent;
    thing->last = sent;
    return sent->link;
}

// The newest messages are at the end, but another thread may have sent after
// this one: so the whole queue is searched.
void thing_unsend(const void *at, unsigned long link)
{
    Thing *thing = find_or_make(at);
    Sent *before = NULL, *sent = thing->first;
    while (sent && sent->link != link) {
        before = sent;
        sent = sent->next;
    }
    if (sent == NULL)
        return;
    if (before)
        before->next = sent->next;
    else
        thing->first = sent->next;
    if (thing->last == sent)
        thing->last = before;
    free(sent);
}

// 0 if nothing was sent: the event then has no partner.
unsigned long thing_receive(const void *at)
{
    Thing *thing = find_or_make(at);
    Sent *sent = thing->first;
    if (sent == NULL)
        return 0;
    unsigned long link = sent->link;
    thing->first = sent->next;
    if (thing->first == NULL)
        thing->last = NULL;
    free(sent);
    return link;
}

void thing_note(const void *thing, unsigned long number)
{
    find_or_make(thing)->noted = number;
}

unsigned long thing_noted(const void *thing)
{
    const Thing *found = find(thing);
    return found ? found->noted : 0;
}

void names_forget(void)
{
    for (int i = 0; i < LISTS; i++)
        while (things[i])
            thing_forget(things[i]->at);
    lane_count = 0;
    last_link = 0;
}

// Words of a call, as the preprocessor has written them down.

// The end of an argument: a comma or a closing parenthesis outside of all
// strings and brackets.
static const char *end_of(const char *at)
{
    int depth = 0;
    char quote = '\0';
    for (; *at != '\0'; at++) {
        if (quote != '\0') {
            if (*at == '\\' && at[1] != '\0')
                at++;
            else if (*at == quote)
                quote = '\0';
        } else if (*at == '"' || *at == '\'') {
            quote = *at;
        } else if (strchr("([{", *at)) {
            depth++;
        } else if (depth > 0 && strchr(")]}", *at)) {
            depth--;
        } else if (depth == 0 && (*at == ',' || *at == ')')) {
            break;
        }
    }
    return at;
}

bool call_argument(const char *call, unsigned which, char *words, size_t size)
{
    const char *start = strchr(call, '(');
    if (start == NULL)
        return false;
    start++;
    while (which-- > 0) {
        start = end_of(start);
        if (*start != ',')
            return false;
        start++;
    }
    const char *end = end_of(start);
    while (start < end && (*start == ' ' || *start == '&'))
        start++;
    if (strncmp(start, "self->", 6) == 0)
        start += 6;
    snprintf(words, size, "%.*s", (int)(end - start), start);
    return words[0] != '\0';
}
