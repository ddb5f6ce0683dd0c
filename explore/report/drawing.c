// The picture of a replayed run: this tool's side of trace/record.
//
// In an ordinary program the recorder locks, and reads the clock. Here only one
// thread runs at a time and switches only at points, so no lock is needed, and
// the number of steps takes the place of time. The program calls the recorder
// in every run, so that the drawn run has the same points as the others.

#include "drawing.h"

#include <stdlib.h>
#include <string.h>

#include "../../common/base/trace_hooks.h"
#include "../../trace/record/record.h"
#include "schedule/steps.h"
#include "schedule/thread.h"

static bool on;
static RecordThread recorded[MAX_THREADS];

RecordThread *record_enter(void)
{
    return on && self != NULL ? &recorded[self->id] : NULL;
}

// There is no scheduling point between enter and leave, so no lock either.
void record_leave(void)
{
}

void record_map_enter(void)
{
}

void record_map_leave(void)
{
}

// The number of a step in the listing, so that picture and listing agree.
long long record_now(void)
{
    return steps_count();
}

bool record_steps(void)
{
    return true;
}

// drawing_end writes the file after the run, not the program at its exit.
void traced_write(void)
{
}

void drawing_start(bool on_now)
{
    on = on_now;
    memset(recorded, 0, sizeof recorded);
    if (on)
        recorded[0].lane = record_main();
}

void drawing_exit(void)
{
    record_exit();
}

void drawing_died(const char *word)
{
    traced_died(word);
}

bool drawing_end(void)
{
    const char *name = getenv("TRACE_FILE");
    if (!on || name == NULL)
        return true;
    return record_write(name);
}
