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

// Threads run one at a time, and change only at points: there is none here.
void record_leave(void)
{
}

void record_map_enter(void)
{
}

void record_map_leave(void)
{
}

// As in the list of steps.
long long record_now(void)
{
    return steps_count();
}

bool record_steps(void)
{
    return true;
}

// That is for us to do, after the run.
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
