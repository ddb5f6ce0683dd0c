// The explored program's threads, and their vector clocks.
//
// A release copies the thread's view into the object that it releases, and then
// ticks. An acquire joins that copy into its own view. So an event happens
// before another one if and only if its time is in the other thread's clock.

#include "thread.h"

Thread *self;
Thread threads[MAX_THREADS];
int thread_count;
long long now;

// Later events of this thread get a new time, which the views copied so far do
// not contain. Without the tick they would look as if they were released, too.
void tick(void)
{
    self->view.visible.of[self->id] = ++self->view.happened.of[self->id];
}

void view_join(View *view, const View *other)
{
    clock_join(&view->happened, &other->happened);
    clock_join(&view->visible, &other->visible);
    if (view->fence < other->fence)
        view->fence = other->fence;
}

// calls[] is the shadow stack that __tsan_func_entry fills. It costs less than
// unwinding, and works in a thread that is switched away from.
Place thread_place(const Thread *thread, const void *address)
{
    Place place = { { address } };
    int depth = thread->depth < MAX_CALLS ? thread->depth : MAX_CALLS;
    for (int i = address == NULL ? 0 : 1; i < PLACE_DEPTH && depth > 0; i++)
        place.calls[i] = thread->calls[--depth];
    return place;
}

Place thread_place_here(const void *address)
{
    return self == NULL ? (Place){ { address } } : thread_place(self, address);
}
