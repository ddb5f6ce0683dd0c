#include "base/base.h"

#include "task_bag.h"

#include "future_internal.h"
#include "os/spin.h"
#include "os/wait_list.h"

#ifdef FEW_TRIES  // see spin.h: who looks at all of them does not look for long
enum { PLACES = 4 };
#else
enum { PLACES = 1024 };
#endif

// Empty (NULL), or a future that nobody has begun, or TAKEN_BACK: then only who
// has done that writes here.
typedef Future *_Atomic Place;

static Future taken_back;
#define TAKEN_BACK (&taken_back)

// A bag's flags. WAKE: nobody searches, and threads sleep.
enum { CLOSED = 1, WAKE = 2 };

struct TaskBag {
    _Atomic unsigned flags;  // WAKE is written with the lock held
    SpinHabit habit;
    Lock lock;
    bool searching GUARDED_BY(lock);      // one of the pool's threads does
    WaitList sleepers GUARDED_BY(lock);   // the others; last in, first out
    WaitList finishing GUARDED_BY(lock);  // who waits in task_bag_free
    TaskBag *next_spare;
    // Hints, so that places are used in their order, round and round; they may
    // be out of date, or set back. Both count up, and stand for the place of
    // that number modulo PLACES.
    char gap_1[CACHE_LINE_PAIR];
    _Atomic unsigned put_next;
    _Atomic bool full;  // there was no empty place; may be a little late
    char gap_2[CACHE_LINE_PAIR];
    _Atomic unsigned take_next;
    char gap_3[CACHE_LINE_PAIR];
    Place places[PLACES];
};

// Bags are not given back when they are freed, but used again: whoever awaits
// a future may look into its bag when the future has been run and the pool has
// been joined meanwhile, and must find that it is not there.
static TaskBag *_Atomic spares;

static void keep_spare(TaskBag *bag)
{
    bag->next_spare = atomic_load_explicit(&spares, memory_order_relaxed);
    while (!atomic_compare_exchange_weak_explicit(&spares, &bag->next_spare,
                                                  bag, memory_order_release,
                                                  memory_order_relaxed))
        continue;
}

// Takes all, and puts back all but one: the first alone, by its next_spare,
// could have been taken and put back meanwhile.
static TaskBag *find_spare(void)
{
    TaskBag *first =
        atomic_exchange_explicit(&spares, NULL, memory_order_acquire);
    TaskBag *next;
    for (TaskBag *bag = first ? first->next_spare : NULL; bag; bag = next) {
        next = bag->next_spare;
        keep_spare(bag);
    }
    return first;
}

TaskBag *task_bag_new(void)
{
    TaskBag *bag = find_spare();
    if (bag == NULL)
        bag = must_calloc(1, sizeof *bag);
    atomic_store_explicit(&bag->flags, 0, memory_order_relaxed);
    return bag;
}

static bool is_closed(TaskBag *bag)
{
    return atomic_load(&bag->flags) & CLOSED;
}

static bool is_waiting(const Future *seen)
{
    return seen != NULL && seen != TAKEN_BACK;
}

// Waking.
//
// Of the threads that have no task, one searches and the others sleep. While
// one searches, who puts a task in wakes nobody. When it stops, because it has
// found a task or has looked for long enough, it sets WAKE and then looks once
// at all places; who puts a task in does so first, and then looks at WAKE.
// These four are in one order for all threads (memory_order_seq_cst): at least
// one of the two sees what the other did, and wakes a sleeper, who searches.

static bool has_any(TaskBag *bag)
{
    unsigned i = 0;
    while (i < PLACES && !is_waiting(atomic_load(&bag->places[i])))
        i++;
    if (i == PLACES)
        return false;
    // If the hints say that there is none, they have missed it.
    unsigned end = atomic_load_explicit(&bag->put_next, memory_order_relaxed);
    if (atomic_load_explicit(&bag->take_next, memory_order_relaxed) == end)
        atomic_store_explicit(&bag->take_next, end - PLACES,
                              memory_order_relaxed);
    return true;
}

static void set_searching(TaskBag *bag) REQUIRES(bag->lock)
{
    bag->searching = true;
    if (atomic_load(&bag->flags) & WAKE)
        atomic_fetch_and(&bag->flags, ~(unsigned)WAKE);
}

static void wake_one(TaskBag *bag)
{
    lock_acquire(&bag->lock);
    if (!bag->searching && bag->sleepers.last) {
        set_searching(bag);
        wait_list_serve(&bag->sleepers, wait_node(bag->sleepers.last));
    }
    lock_release(&bag->lock);
}

static void end_search(TaskBag *bag) RELEASES(bag->lock)
{
    bag->searching = false;
    bool others = bag->sleepers.last != NULL;
    if (others)
        atomic_fetch_or(&bag->flags, WAKE);
    lock_release(&bag->lock);
    if (others && has_any(bag))
        wake_one(bag);
}

static void explain_turn(const Wait *wait, Report *report)
{
    (void)wait;
    report_say(report, "for a task of its pool to run.");
}

// Waits for our turn to search, with `had_it` a further one. There is no more
// waiting when the bag is closed.
static void wait_for_turn(TaskBag *bag, bool had_it)
{
    WaitNode node;
    Waiter waiter = { 0 };
    lock_acquire(&bag->lock);
    if (is_closed(bag) || (!bag->searching && !had_it)) {
        set_searching(bag);
        lock_release(&bag->lock);
        return;
    }
    wait_list_add(&bag->sleepers, &node, &waiter, NULL);
    if (had_it)
        end_search(bag);
    else
        lock_release(&bag->lock);
    Wait wait = { explain_turn, bag };
    TRACED(wait_for("for a task", NULL));
    deadlock_sleep(&waiter, DEADLINE_NEVER, &wait);
    lock_acquire(&bag->lock);  // who woke us has let go of the waiter
    lock_release(&bag->lock);
}

// Putting in and taking out.

static bool take_from(Place *place, Future *future, Future *left)
{
    return atomic_load_explicit(place, memory_order_relaxed) == future &&
           atomic_compare_exchange_strong_explicit(place, &future, left,
                                                   memory_order_acquire,
                                                   memory_order_relaxed);
}

// An empty place for the next task, or NULL. Looks at all of them once, and
// then not again until one has been emptied.
static Place *find_place(TaskBag *bag, unsigned *next)
{
    *next = atomic_load_explicit(&bag->put_next, memory_order_relaxed);
    for (unsigned i = 0; i < PLACES; i++, ++*next) {
        Place *place = &bag->places[*next % PLACES];
        if (atomic_load_explicit(place, memory_order_relaxed) == NULL)
            return place;
        if (atomic_load_explicit(&bag->full, memory_order_relaxed))
            return NULL;
    }
    atomic_store_explicit(&bag->full, true, memory_order_relaxed);
    return NULL;
}

static void note_empty_place(TaskBag *bag)
{
    if (atomic_load_explicit(&bag->full, memory_order_relaxed))
        atomic_store_explicit(&bag->full, false, memory_order_relaxed);
}

bool task_bag_put(TaskBag *bag, Future *future)
{
    unsigned next;
    Place *place;
    Future *none;
    do {
        place = find_place(bag, &next);
        if (place == NULL)
            return false;
        future->bag = bag;
        future->place = next % PLACES;
        none = NULL;
    } while (!atomic_compare_exchange_weak(place, &none, future));
    atomic_store_explicit(&bag->put_next, next + 1, memory_order_relaxed);

    unsigned flags = atomic_load(&bag->flags);
    if (flags & WAKE)
        wake_one(bag);
    // The pool's threads may have looked for the last time.
    return !(flags & CLOSED) || !take_from(place, future, NULL);
}

bool task_bag_take_back(TaskBag *bag, unsigned place, Future *future)
{
    return take_from(&bag->places[place], future, TAKEN_BACK);
}

static Future *look(TaskBag *bag)
{
    unsigned end = atomic_load_explicit(&bag->put_next, memory_order_relaxed);
    unsigned next = atomic_load_explicit(&bag->take_next, memory_order_relaxed);
    if (next == end)
        return NULL;
    if (end - next > PLACES)
        next = end - PLACES;
    Future *found = NULL;
    while (found == NULL && next != end) {
        Place *place = &bag->places[next++ % PLACES];
        Future *seen = atomic_load_explicit(place, memory_order_relaxed);
        if (is_waiting(seen) && take_from(place, seen, NULL))
            found = seen;
    }
    atomic_store_explicit(&bag->take_next, next, memory_order_relaxed);
    if (found)
        note_empty_place(bag);
    return found;
}

// Looks for a while, and on as long as tasks are put in, although those who
// started them take them back: a thread that slept would have to be woken.
static Future *search(TaskBag *bag)
{
    Future *future = NULL;
    unsigned before, now;
    do {
        before = atomic_load_explicit(&bag->put_next, memory_order_relaxed);
        Spin spin = spin_start(&bag->habit);
        while ((future = look(bag)) == NULL && !is_closed(bag) &&
               spin_once(&spin))
            continue;
        spin_end(&spin);
        now = atomic_load_explicit(&bag->put_next, memory_order_relaxed);
    } while (future == NULL && !is_closed(bag) && now != before);
    return future;
}

Future *task_bag_take(TaskBag *bag)
{
    Future *future = look(bag);
    if (future)
        return future;
    wait_for_turn(bag, false);
    while ((future = search(bag)) == NULL && (!is_closed(bag) || has_any(bag)))
        wait_for_turn(bag, true);
    lock_acquire(&bag->lock);
    end_search(bag);
    return future;
}

// Ending.

void task_bag_close(TaskBag *bag)
{
    atomic_fetch_or(&bag->flags, CLOSED);
    lock_acquire(&bag->lock);
    while (bag->sleepers.last)
        wait_list_serve(&bag->sleepers, wait_node(bag->sleepers.last));
    lock_release(&bag->lock);
}

void task_bag_clear(TaskBag *bag, unsigned place)
{
    // Release: the task's end comes before that of its pool.
    atomic_store_explicit(&bag->places[place], NULL, memory_order_release);
    note_empty_place(bag);
    if (is_closed(bag)) {
        lock_acquire(&bag->lock);
        wait_list_dismiss(&bag->finishing);
        lock_release(&bag->lock);
    }
}

static bool is_empty(TaskBag *bag)
{
    for (unsigned i = 0; i < PLACES; i++)
        if (atomic_load_explicit(&bag->places[i], memory_order_acquire))
            return false;
    return true;
}

void task_bag_free(TaskBag *bag)
{
    lock_acquire(&bag->lock);
    // Who clears a place may see that the bag is closed later than we see the
    // place: then nobody wakes us. To rule that out would cost every task that
    // is taken back a tenth of its time, for the few that their pool's end has
    // to wait for. So look again after a while.
    while (!is_empty(bag))
        wait_list_wait(&bag->finishing, &bag->lock, NULL, deadline_in_ms(1),
                       NULL);
    lock_release(&bag->lock);
    keep_spare(bag);
}
