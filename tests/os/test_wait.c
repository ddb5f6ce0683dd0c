// The place where all threads sleep, and the lock: os.h's Waiter and Lock.

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include "os/os.h"
#include "test.h"

enum { ROUNDS = 5000 };

static pthread_t start(void *(*run)(void *), void *arg)
{
    pthread_t thread;
    CHECK_INT(pthread_create(&thread, NULL, run, arg), 0);
    return thread;
}

static void join(pthread_t thread)
{
    CHECK_INT(pthread_join(thread, NULL), 0);
}

typedef bool Sleep(Waiter *waiter, Deadline deadline);

static bool spin_and_sleep(Waiter *waiter, Deadline deadline)
{
    static SpinHabit habit;
    waiter_spin(waiter, &habit, deadline);
    return waiter_sleep(waiter, deadline);
}

// Everything holds for both.
static Sleep *const sleeps[] = { waiter_sleep, spin_and_sleep };

// One thread

TEST(woken_before, "who was woken before does not sleep, also past a deadline")
{
    Deadline deadlines[] = { DEADLINE_NEVER, DEADLINE_NOW,
                             deadline_in_ms(60 * 1000) };
    for (int i = 0; i < 6; i++) {
        Waiter waiter = { 0 };
        waiter_wake(&waiter);
        CHECK(sleeps[i % 2](&waiter, deadlines[i / 2]));
    }
}

TEST(woken_once, "however often one was woken, the next sleep is a sleep")
{
    for (int i = 0; i < 2; i++) {
        Waiter waiter = { 0 };
        for (int times = 0; times < 3; times++) {
            for (int k = 0; k <= times; k++)
                waiter_wake(&waiter);
            CHECK(sleeps[i](&waiter, DEADLINE_NEVER));
            CHECK(!sleeps[i](&waiter, DEADLINE_NOW));
            CHECK(!sleeps[i](&waiter, deadline_in_ms(1)));
        }
    }
}

TEST(not_early, "nobody wakes before the deadline by himself")
{
    for (int i = 0; i < 6; i++) {
        Waiter waiter = { 0 };
        Deadline deadline = deadline_in_ms(1 + 3 * i);
        CHECK(!sleeps[i % 2](&waiter, deadline));
        CHECK_INT(deadline_remaining_ns(deadline), 0);
    }
}

// Two threads

// A sleeper that says what it got, and may be gone at once.
typedef struct Bed {
    Sleep *sleep;
    Deadline deadline;
    Waiter *_Atomic waiter;  // NULL: not there yet
    int present;             // before it is woken
    bool woken;
    int found;
} Bed;

static void *go_to_bed(void *arg)
{
    Bed *bed = arg;
    Waiter waiter = { 0 };
    atomic_store(&bed->waiter, &waiter);
    bed->woken = bed->sleep(&waiter, bed->deadline);
    bed->found = bed->present;
    return NULL;
}

static Waiter *sleeper_in(Bed *bed)
{
    Waiter *waiter;
    for (int i = 1; (waiter = atomic_load(&bed->waiter)) == NULL; i++)
        if (i % 1000 == 0)
            sched_yield();
    return waiter;
}

static void wake(Bed *bed)
{
    Waiter *waiter = sleeper_in(bed);
    bed->present = 5;
    waiter_wake(waiter);
}

TEST(woken_asleep, "who sleeps is woken, and sees what was done before that")
{
    const Deadline deadlines[] = { DEADLINE_NEVER, deadline_in_ms(60 * 1000),
                                   deadline_in_ms(8LL * 1000 * 1000 * 1000 *
                                                  1000) };
    for (int i = 0; i < 6; i++) {
        Bed bed = { .sleep = sleeps[i % 2], .deadline = deadlines[i / 2] };
        pthread_t thread = start(go_to_bed, &bed);
        sleeper_in(&bed);
        test_let_others_run();
        wake(&bed);
        join(thread);
        CHECK(bed.woken);
        CHECK_INT(bed.found, 5);
    }
}

static void note_nothing(int number)
{
    (void)number;
}

TEST(signals, "a signal wakes nobody")
{
    struct sigaction action = { .sa_handler = note_nothing };
    CHECK_INT(sigaction(SIGUSR1, &action, NULL), 0);
    for (int i = 0; i < 4; i++) {
        Deadline deadline = i < 2 ? DEADLINE_NEVER : deadline_in_ms(60 * 1000);
        Bed bed = { .sleep = sleeps[i % 2], .deadline = deadline };
        pthread_t thread = start(go_to_bed, &bed);
        sleeper_in(&bed);
        test_let_others_run();
        for (int k = 0; k < 100; k++) {
            CHECK_INT(pthread_kill(thread, SIGUSR1), 0);
            sched_yield();
        }
        wake(&bed);
        join(thread);
        CHECK(bed.woken);
        CHECK_INT(bed.found, 5);
    }
}

// Rounds

typedef struct Table {
    Waiter waiters[2];
    Sleep *sleep;
    int ball;  // the thread that has its turn, guarded by being woken
} Table;

static void *play(void *arg)
{
    Table *table = arg;
    for (int i = 0; i < ROUNDS; i++) {
        CHECK(table->sleep(&table->waiters[1], DEADLINE_NEVER));
        CHECK_INT(table->ball++, 2 * i + 1);
        waiter_wake(&table->waiters[0]);
    }
    return NULL;
}

TEST(ping_pong, "two wake each other in turn, time after time")
{
    for (int i = 0; i < 2; i++) {
        Table table = { .sleep = sleeps[i] };
        pthread_t other = start(play, &table);
        for (int k = 0; k < ROUNDS; k++) {
            CHECK_INT(table.ball++, 2 * k);
            waiter_wake(&table.waiters[1]);
            CHECK(table.sleep(&table.waiters[0], DEADLINE_NEVER));
        }
        join(other);
        CHECK_INT(table.ball, 2 * ROUNDS);
    }
}

// From now to 15 microseconds from now.
static Deadline about_now(int round)
{
    Deadline deadline = deadline_in_ms(1);
    deadline.ns -= 1000 * (1000 - round % 16);
    return deadline;
}

static void *sleep_lightly(void *arg)
{
    Table *table = arg;
    for (int i = 0; i < ROUNDS; i++) {
        bool woken = table->sleep(&table->waiters[1], about_now(i));
        if (!woken)  // then it still comes
            CHECK(table->sleep(&table->waiters[1], DEADLINE_NEVER));
        CHECK_INT(table->ball++, 2 * i + 1);
        CHECK(!table->sleep(&table->waiters[1], DEADLINE_NOW));
        waiter_wake(&table->waiters[0]);
    }
    return NULL;
}

TEST(deadline_race, "a wake-up that comes with the deadline comes just once")
{
    for (int i = 0; i < 2; i++) {
        Table table = { .sleep = sleeps[i] };
        pthread_t other = start(sleep_lightly, &table);
        for (int k = 0; k < ROUNDS; k++) {
            Deadline pause = about_now(k / 16);
            while (deadline_remaining_ns(pause) > 0)
                continue;
            CHECK_INT(table.ball++, 2 * k);
            waiter_wake(&table.waiters[1]);
            CHECK(table.sleep(&table.waiters[0], DEADLINE_NEVER));
        }
        join(other);
    }
}

static void pass_time(int steps)
{
    atomic_int passed = 0;
    while (atomic_fetch_add(&passed, 1) < steps)
        continue;
}

// The waiter is new every time, in the same place. The one before may still be
// in the middle of being woken.
static void *sleep_anew(void *arg)
{
    Bed *bed = arg;
    for (int i = 0; i < 4 * ROUNDS; i++) {
        Waiter waiter = { 0 };
        atomic_store(&bed->waiter, &waiter);
        CHECK(bed->sleep(&waiter, DEADLINE_NEVER));
        CHECK_INT(bed->present, i);
    }
    return NULL;
}

TEST(same_place, "a new waiter in an old one's place is woken when it is woken")
{
    for (int i = 0; i < 2; i++) {
        Bed bed = { .sleep = sleeps[i] };
        pthread_t thread = start(sleep_anew, &bed);
        for (int k = 0; k < 4 * ROUNDS; k++) {
            Waiter *waiter = sleeper_in(&bed);
            atomic_store(&bed.waiter, NULL);
            bed.present = k;
            pass_time(k % 64);  // it is about to sleep
            waiter_wake(waiter);
        }
        join(thread);
    }
}

// Crowds

enum { CROWD = 40 };  // more than there may be places to sleep at

TEST(one_of_many, "of many who sleep the one who is woken wakes, and no other")
{
    Bed beds[CROWD];
    pthread_t threads[CROWD];
    for (int i = 0; i < CROWD; i++) {
        beds[i] = (Bed){ .sleep = sleeps[i % 2], .deadline = DEADLINE_NEVER };
        threads[i] = start(go_to_bed, &beds[i]);
    }
    for (int i = 0; i < CROWD; i++)
        sleeper_in(&beds[i]);
    test_let_others_run();
    for (int i = 0; i < CROWD; i++) {
        Bed *bed = &beds[i * 7 % CROWD];
        wake(bed);
        join(threads[i * 7 % CROWD]);
        CHECK_INT(bed->found, 5);  // a sleeper before its turn would find 0
    }
}

// The costs

static double processor_seconds(void)
{
    return (double)clock() / CLOCKS_PER_SEC;
}

enum { NAPS = 3 };  // each takes 20 milliseconds

static void *lock_once(void *arg)
{
    lock_acquire(arg);
    lock_release(arg);
    return NULL;
}

TEST(no_work, "who sleeps, with a deadline or for a lock, takes no core's time")
{
    Lock lock = { 0 };
    Bed beds[4];
    pthread_t threads[5];
    lock_acquire(&lock);
    for (int i = 0; i < 4; i++) {
        Deadline deadline = i < 2 ? DEADLINE_NEVER : deadline_in_ms(200);
        beds[i] = (Bed){ .sleep = sleeps[i % 2], .deadline = deadline };
        threads[i] = start(go_to_bed, &beds[i]);
    }
    threads[4] = start(lock_once, &lock);
    test_let_others_run();
    double before = processor_seconds();
    for (int i = 0; i < NAPS; i++)
        test_let_others_run();
    CHECK(processor_seconds() - before < NAPS * 0.020 / 2);
    for (int i = 0; i < 4; i++)
        wake(&beds[i]);
    lock_release(&lock);
    for (int i = 0; i < 5; i++)
        join(threads[i]);
}

TEST(cores, "how many cores there are is what the system says, every time")
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    for (int i = 0; i < 3; i++)
        CHECK_INT((long long)thread_cores(), cores > 0 ? cores : 1);
}

// The lock

enum { THREADS = 4, EACH = 20000 };

typedef struct Counter {
    Lock lock;
    long count;  // guarded by lock, until all are joined
} Counter;

static void *count_up(void *arg)
{
    Counter *counter = arg;
    for (int i = 0; i < EACH; i++) {
        lock_acquire(&counter->lock);
        counter->count++;
        lock_release(&counter->lock);
    }
    return NULL;
}

TEST(lock, "a lock lets one in at a time")
{
    Counter counter = { .count = 0 };
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++)
        threads[i] = start(count_up, &counter);
    for (int i = 0; i < THREADS; i++)
        join(threads[i]);
    CHECK_INT(counter.count, THREADS * EACH);
}

TEST(held_long, "a lock is waited for also when it is held for long")
{
    Counter counter = { .count = 0 };
    pthread_t threads[THREADS];
    lock_acquire(&counter.lock);
    for (int i = 0; i < THREADS; i++)
        threads[i] = start(count_up, &counter);
    test_let_others_run();
    CHECK_INT(counter.count, 0);
    lock_release(&counter.lock);
    for (int i = 0; i < THREADS; i++)
        join(threads[i]);
    CHECK_INT(counter.count, THREADS * EACH);
}
