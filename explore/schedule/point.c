#include "point.h"

#include <stdio.h>
#include <string.h>

#include "choice.h"
#include "deadlock.h"
#include "steps.h"

// A run that takes longer does not end; a thread that goes on longer while
// others could, lets them: it may well wait for one of them.
enum { MAX_POINTS = 200000, MAX_TURN = 200 };

static Fiber outside;
static ThreadParts program;

void threads_init(ThreadParts parts)
{
    program = parts;
}

static void first_function(void)
{
    thread_end(self->run(self->arg));
}

Thread *thread_add(void *(*run)(void *), void *arg)
{
    if (thread_count == MAX_THREADS)
        return NULL;
    Thread *thread = &threads[thread_count];
    memset(thread, 0, offsetof(Thread, fiber));
    thread->id = thread_count++;
    thread->run = run;
    thread->arg = arg;
    snprintf(thread->name, sizeof thread->name,
             thread->id == 0 ? "main" : "thread %d", thread->id);
    thread->storage = program.storage(thread->id);
    if (self != NULL)
        thread->view = self->view;
    thread->view.happened.of[thread->id] = 1;
    thread->view.visible.of[thread->id] = 1;
    fiber_init(&thread->fiber, program.stack(thread->id), first_function);
    return thread;
}

static void go_on_with(Thread *thread)
{
    Thread *before = self;
    if (thread == before)
        return;
    self = thread;
    fiber_switch(&before->fiber, &thread->fiber);
}

void threads_run(void *(*run)(void *), void *arg)
{
    thread_count = 0;
    now = 0;
    self = NULL;
    self = thread_add(run, arg);
    fiber_switch(&outside, &self->fiber);
    self = NULL;
}

_Noreturn void run_over(void)
{
    Fiber gone;
    fiber_switch(&gone, &outside);
    __builtin_unreachable();
}

// Who could be next: first whoever is ready, beginning with the thread that
// runs and going round, then waits that may end early.
typedef struct Ways {
    NextThread next[2 * MAX_THREADS];
    int count, ready;
} Ways;

static void add_way(Ways *ways, int thread, bool surprise)
{
    ways->next[ways->count++] = (NextThread){ thread, surprise };
}

static void find_ready(Ways *ways, bool with_self)
{
    if (with_self)
        add_way(ways, self->id, false);
    for (int i = self->id + 1; i < thread_count; i++)
        if (threads[i].state == READY)
            add_way(ways, i, false);
    for (int i = 0; i < self->id; i++)
        if (threads[i].state == READY)
            add_way(ways, i, false);
    ways->ready = ways->count;
}

static Thread *next_deadline(void)
{
    Thread *first = NULL;
    for (int i = 0; i < thread_count; i++)
        if (threads[i].state == BLOCKED && threads[i].wait.deadline != NEVER &&
            (first == NULL || threads[i].wait.deadline < first->wait.deadline))
            first = &threads[i];
    return first;
}

// When nobody is ready, time passes until the next deadline; anything else
// that could happen then is a surprise.
static void find_waiting(Ways *ways)
{
    Thread *first = ways->ready == 0 ? next_deadline() : NULL;
    if (first != NULL) {
        add_way(ways, first->id, false);
        ways->ready = 1;
    }
    for (int i = 0; i < thread_count; i++) {
        const Thread *thread = &threads[i];
        if (thread->state == BLOCKED && thread != first &&
            (thread->wait.spurious || thread->wait.deadline != NEVER))
            add_way(ways, i, true);
    }
}

static void wake(Thread *thread)
{
    thread->state = READY;
    thread->timed_out = false;
}

// A wait that may end without a reason and by its deadline does the first.
static void let_time_pass(Thread *thread)
{
    if (thread->wait.deadline != NEVER) {
        if (now < thread->wait.deadline)
            now = thread->wait.deadline;
        wake(thread);
        thread->timed_out = true;
    } else {
        wake(thread);
    }
}

static void take_way(const Ways *ways, int way)
{
    Thread *thread = &threads[ways->next[way].thread];
    if (thread->state == BLOCKED)
        let_time_pass(thread);
    if (thread != self) {
        thread->looks = 0;
        thread->turn = 0;
    }
    go_on_with(thread);
}

static void count_point(const void *place)
{
    if (choice_points() > MAX_POINTS)
        find("does not end", place,
             "It goes on and on: after %d steps %s is at @.", MAX_POINTS,
             self->name);
}

void point(const char *name, const void *object, bool contended,
           const void *place)
{
    count_point(place);
    Ways ways;
    ways.count = 0;
    find_ready(&ways, ++self->turn <= MAX_TURN);
    if (ways.ready == 0)
        find_ready(&ways, true);
    find_waiting(&ways);
    take_way(&ways, choose_next(ways.next, ways.count, 1, contended));
    steps_add(name, object, place);
}

void point_yield(const void *place)
{
    count_point(place);
    Ways ways;
    ways.count = 0;
    find_ready(&ways, false);
    if (ways.ready == 0)
        find_ready(&ways, true);
    find_waiting(&ways);
    choice_yield(self->id);
    steps_add("lets others run", NULL, place);
    take_way(&ways, choose_next(ways.next, ways.count, 1, true));
}

// Of those that are ready now, any may be next: that is nobody's surprise.
static void leave(void)
{
    count_point(self->wait_place);
    Ways ways;
    ways.count = 0;
    find_ready(&ways, false);
    find_waiting(&ways);
    if (ways.ready == 0) {
        find_deadlock();
        run_over();
    }
    take_way(&ways, choose_next(ways.next, ways.count, ways.ready, true));
}

bool point_wait(Wait wait, const void *place)
{
    self->state = BLOCKED;
    self->wait = wait;
    self->wait_place = place;
    steps_wait(wait.what, wait.object, place);
    leave();
    return !self->timed_out;
}

void wake_all(const void *object)
{
    for (int i = 0; i < thread_count; i++)
        if (threads[i].state == BLOCKED && threads[i].wait.object == object)
            wake(&threads[i]);
}

void wake_one(const void *object)
{
    int waiting[MAX_THREADS], count = 0;
    for (int i = 0; i < thread_count; i++)
        if (threads[i].state == BLOCKED && threads[i].wait.object == object)
            waiting[count++] = i;
    if (count > 0)
        wake(&threads[waiting[choose_value(count)]]);
}

_Noreturn void thread_end(void *result)
{
    program.run_destructors();
    self->result = result;
    self->state = ENDED;
    tick();
    steps_add("ends", NULL, NULL);
    wake_all(self);
    leave();
    __builtin_unreachable();
}
