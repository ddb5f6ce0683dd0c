// Scheduling points, and the set of threads that may run next at each of them.
//
// A thread runs alone until its next operation that another thread could
// notice. Code between two such operations commutes with all other threads, so
// no schedule is lost by never switching there, provided it is free of data
// races; and a race is reported by shadow.c. choice.c decides between the ways.
// The invariant: outside of this file exactly one thread runs, and it is
// `self`.

#include "point.h"

#include <stdio.h>
#include <string.h>

#include "choice.h"
#include "deadlock.h"
#include "steps.h"

// A run with more points than MAX_POINTS counts as one that never ends
// (livelock). A thread that has made MAX_TURN points while others were ready
// has to let them run: it may be in a loop that waits for one of them. A
// scheduler without such fairness would follow the loop forever (see "Fair
// stateless model checking", M. Musuvathi and S. Qadeer 2008).
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

// A new thread starts with its creator's view: everything before pthread_create
// happens before everything in the thread. The view is copied, and not read at
// the thread's first step, because the creator may have gone on by then.
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

void threads_run(void *(*run)(void *), void *arg)
{
    thread_count = 0;
    now = 0;
    self = NULL;
    self = thread_add(run, arg);
    fiber_switch(&outside, &self->fiber);
    self = NULL;
}

// The fibers of all threads that have not ended are abandoned where they are.
// Nothing leaks: their stacks and their heap are the same in the next run.
_Noreturn void run_over(void)
{
    Fiber gone;
    fiber_switch(&gone, &outside);
    __builtin_unreachable();
}

// The threads that could be next. First come the ready ones, beginning with the
// running thread and in a circle, so that way 0 is "no preemption". Then come
// blocked ones with a wait that may end early.
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

// Virtual time passes only when no thread is ready: then the earliest deadline
// ends its wait, and that is no surprise. Any other wait that ends now is one:
// a spurious wake-up, or a deadline that passes while other threads could run.
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

// A woken thread is ready, not running: as with a real mutex or condition it
// has to look again, and another thread may be faster (no hand-over).
static void wake(Thread *thread)
{
    thread->state = READY;
    thread->timed_out = false;
}

// Switches to the chosen thread. If that is blocked, its wait ends: by its
// deadline if it has one, otherwise as a spurious wake-up. The call returns
// when the thread that called it is chosen again.
static void take_way(const Ways *ways, int way)
{
    Thread *thread = &threads[ways->next[way].thread], *before = self;
    if (thread->state == BLOCKED) {
        wake(thread);
        thread->timed_out = thread->wait.deadline != NEVER;
        if (thread->timed_out && now < thread->wait.deadline)
            now = thread->wait.deadline;
    }
    if (thread == before)
        return;
    thread->looks = 0;
    thread->turn = 0;
    self = thread;
    fiber_switch(&before->fiber, &thread->fiber);
}

static void count_point(const void *place)
{
    if (choice_points() > MAX_POINTS)
        find("does not end", place,
             "The run does not end: after %d steps %s is at @.", MAX_POINTS,
             self->name);
}

// One free way: to go on. Each other ready thread is a preemption, and costs
// one of the context bound. After MAX_TURN points the running thread has to
// leave, unless it is the only one that is ready.
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

// sched_yield, or a loop that spins: the running thread is no candidate, so the
// switch itself costs nothing. The first other thread is the free way.
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

// The running thread is blocked or has ended, so a switch is due and no
// preemption: all ready threads are free ways.
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

// POSIX lets pthread_cond_signal wake any waiter. Way 0 is the one with the
// lowest number; another one is a surprise.
void wake_one(const void *object)
{
    int waiting[MAX_THREADS], count = 0;
    for (int i = 0; i < thread_count; i++)
        if (threads[i].state == BLOCKED && threads[i].wait.object == object)
            waiting[count++] = i;
    if (count > 0)
        wake(&threads[waiting[choose_value(count)]]);
}

// tick() comes before wake_all(): the joining thread takes over this view, and
// the end of the thread happens before the return of pthread_join.
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
