// The log of one run: each operation of each thread, in the order of the run.
//
// Because only one thread runs at a time this order is total, and no lock is
// needed. The log is kept only for a replay: a search makes thousands of runs a
// second, and each of them can be repeated exactly.

#include "steps.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "thread.h"

enum { MAX_OBJECTS = 1000 };

static bool on;
static Step *steps;
static int step_count;
static const void *objects[MAX_OBJECTS];
static int object_count;

void steps_start(bool on_now)
{
    on = on_now;
    step_count = 0;
    object_count = 0;
    if (on && steps == NULL)
        steps = calloc(MAX_STEPS, sizeof *steps);
    if (steps == NULL)
        on = false;
}

// Objects are numbered in the order of their first use. An address would differ
// from machine to machine; a number, and its letter in the listing, do not.
static int number_of(const void *object)
{
    for (int i = 0; i < object_count; i++)
        if (objects[i] == object)
            return i;
    if (object == NULL || object_count == MAX_OBJECTS)
        return -1;
    objects[object_count] = object;
    return object_count++;
}

void steps_add(const char *what, const void *object, const void *place)
{
    if (!on || step_count == MAX_STEPS)
        return;
    Step *step = &steps[step_count++];
    *step = (Step){ .thread = self->id,
                    .object = number_of(object),
                    .place = { { place } } };
    memcpy(step->name, self->name, sizeof step->name);
    snprintf(step->what, sizeof step->what, "%s", what);
    int depth = self->depth < MAX_CALLS ? self->depth : MAX_CALLS;
    for (int i = 1; i < PLACE_DEPTH && depth > 0; i++)
        step->place.calls[i] = self->calls[--depth];
}

// A joined thread is no object with a letter: `what` is its name already.
void steps_wait(const char *what, const void *object, const void *place)
{
    bool thread = (const char *)object >= (const char *)threads &&
                  (const char *)object < (const char *)(threads + MAX_THREADS);
    char words[48];
    snprintf(words, sizeof words, "waits for %s", what);
    if (on)
        steps_add(words, thread ? NULL : object, place);
}

// The value belongs to the calling thread's operation. If another thread has
// made a step since then, that would be the last one, and the value is dropped.
void steps_value(uint64_t value, int size, int back)
{
    if (!on || step_count == 0 || steps[step_count - 1].thread != self->id)
        return;
    Step *step = &steps[step_count - 1];
    step->has_value = true;
    step->value = value;
    step->size = size;
    step->back = back;
}

int steps_count(void)
{
    return step_count;
}

void steps_memory(const void *address, size_t size)
{
    uint64_t value = 0;
    if (!on || size > sizeof value)
        return;
    memcpy(&value, address, size);
    steps_value(value, (int)size, 0);
}

const Step *steps_at(int number)
{
    return &steps[number];
}

const void *steps_object(int number)
{
    return objects[number];
}
