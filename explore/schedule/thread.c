#include "thread.h"

Thread *self;
Thread threads[MAX_THREADS];
int thread_count;
long long now;

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
