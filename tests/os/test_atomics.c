// The promises of atomics.h. A notify returns how many threads it woke. So a
// thread that notifies until that is 1 knows that the other thread was asleep,
// and need not hope so.

#include <stdatomic.h>
#include <stdbool.h>

#include "atomics.h"
#include "kit.h"
#include "sleeper.h"
#include "test.h"
#include "worker_threads.h"

static int count_awake(Sleeper sleepers[], int count)
{
    int awake = 0;
    for (int i = 0; i < count; i++)
        awake += atomic_load(&sleepers[i].awake);
    return awake;
}

// Waiting

TEST(not_equal, "who waits for a word that has another value does not sleep")
{
    _Atomic int32_t word = INT32_MIN;
    CHECK_INT(atomics_wait(&word, 0), WAIT_NOT_EQUAL);
    CHECK_INT(atomics_wait(&word, INT32_MAX), WAIT_NOT_EQUAL);
    CHECK_INT(atomics_wait_until(&word, 1, DEADLINE_NOW), WAIT_NOT_EQUAL);
    CHECK_INT(atomics_notify(&word, ATOMICS_ALL), 0);
}

TEST(timed_out, "who waits until a deadline does not give up early")
{
    _Atomic int32_t word = -1;
    Deadline deadline = deadline_in_ms(20);
    CHECK_INT(atomics_wait_until(&word, -1, deadline), WAIT_TIMED_OUT);
    CHECK_INT(deadline_remaining_ns(deadline), 0);
}

TEST(expired, "who waits until a moment that has passed does not sleep")
{
    _Atomic int32_t word = 7;
    CHECK_INT(atomics_wait_until(&word, 7, DEADLINE_NOW), WAIT_TIMED_OUT);
    CHECK_INT(atomics_wait_until(&word, 7, deadline_in_ms(-1)), WAIT_TIMED_OUT);
}

TEST(notified, "who is notified wakes, though the word is as it was")
{
    Deadline far[] = { DEADLINE_NEVER, deadline_in_ms(60 * 1000) };
    for (int i = 0; i < 2; i++) {
        _Atomic int32_t word = 0;
        Sleeper sleeper;
        start(&sleeper, &word, far[i]);
        wake_one(&word);
        check_join(&sleeper, WAIT_OK);
    }
}

TEST(store_alone, "who is not notified sleeps on, though the word changes")
{
    _Atomic int32_t word = 0;
    Sleeper sleeper;
    start(&sleeper, &word, deadline_in_ms(50));
    for (int i = 0; i < 1000; i++)
        atomic_store(&word, i % 2);
    worker_join(&sleeper.worker);
    CHECK(sleeper.result != WAIT_OK);  // not-equal if it came late
}

TEST(result_texts, "the results have the names that JavaScript gives them")
{
    CHECK_TEXT(atomics_result_text(WAIT_OK), "ok");
    CHECK_TEXT(atomics_result_text(WAIT_NOT_EQUAL), "not-equal");
    CHECK_TEXT(atomics_result_text(WAIT_TIMED_OUT), "timed-out");
}

// Notifying

TEST(nobody, "a notify that finds nobody returns 0 and is not remembered")
{
    _Atomic int32_t word = 0;
    CHECK_INT(atomics_notify(&word, 1), 0);
    CHECK_INT(atomics_notify(&word, ATOMICS_ALL), 0);
    CHECK_INT(atomics_wait_until(&word, 0, deadline_in_ms(5)), WAIT_TIMED_OUT);
    CHECK_INT(atomics_notify(&word, ATOMICS_ALL), 0);  // it has given up
}

TEST(count_zero, "a notify of none wakes none")
{
    _Atomic int32_t word = 0;
    Sleeper sleeper;
    start(&sleeper, &word, DEADLINE_NEVER);
    CHECK_INT(atomics_notify(&word, 0), 0);
    CHECK_INT(atomics_notify(&word, -1), 0);
    CHECK_INT(atomics_notify(&word, INT_MIN), 0);
    wake_one(&word);
    check_join(&sleeper, WAIT_OK);
}

TEST(one_of_two, "a notify of one leaves the other asleep")
{
    _Atomic int32_t word = 0;
    Sleeper sleepers[2];
    for (int i = 0; i < 2; i++)
        start(&sleepers[i], &word, DEADLINE_NEVER);
    wake_one(&word);
    test_let_others_run();
    CHECK(count_awake(sleepers, 2) <= 1);
    wake_one(&word);
    for (int i = 0; i < 2; i++)
        check_join(&sleepers[i], WAIT_OK);
    CHECK_INT(atomics_notify(&word, ATOMICS_ALL), 0);
}

enum { SLEEPERS = 5 };

TEST(at_most, "a notify wakes no more than it says, and counts them")
{
    _Atomic int32_t word = 0;
    Sleeper sleepers[SLEEPERS];
    for (int i = 0; i < SLEEPERS; i++)
        start(&sleepers[i], &word, DEADLINE_NEVER);
    int total = 0;
    while (total < SLEEPERS) {
        int woken = atomics_notify(&word, 3);
        CHECK(woken >= 0 && woken <= 3);
        total += woken;
        test_let_others_run();
        CHECK(count_awake(sleepers, SLEEPERS) <= total);
    }
    for (int i = 0; i < SLEEPERS; i++)
        check_join(&sleepers[i], WAIT_OK);
    CHECK_INT(total, SLEEPERS);
}

// Returns whether one notify woke all. If the machine was busy, not all were
// asleep by then.
static bool wake_all_at_once(void)
{
    _Atomic int32_t word = 0;
    Sleeper sleepers[SLEEPERS];
    for (int i = 0; i < SLEEPERS; i++)
        start(&sleepers[i], &word, DEADLINE_NEVER);
    int first = atomics_notify(&word, ATOMICS_ALL);
    for (int woken = first; woken < SLEEPERS; woken += 1)
        wake_one(&word);
    for (int i = 0; i < SLEEPERS; i++)
        check_join(&sleepers[i], WAIT_OK);
    return first == SLEEPERS;
}

// Returns whether they woke in the order in which they were started. If the
// machine was busy, they went to sleep in another.
static bool wake_in_order(void)
{
    _Atomic int32_t word = 0;
    Sleeper sleepers[SLEEPERS];
    for (int i = 0; i < SLEEPERS; i++)
        start(&sleepers[i], &word, DEADLINE_NEVER);
    bool in_order = true;
    for (int i = 0; i < SLEEPERS; i++) {
        wake_one(&word);
        while (count_awake(sleepers, SLEEPERS) <= i)
            test_let_others_run();
        in_order = in_order && atomic_load(&sleepers[i].awake);
    }
    for (int i = 0; i < SLEEPERS; i++)
        check_join(&sleepers[i], WAIT_OK);
    return in_order;
}

static void check_one_of_ten(bool (*run)(void))
{
    bool succeeded = false;
    for (int i = 0; i < 10 && !succeeded; i++)
        succeeded = run();
    CHECK(succeeded);
}

TEST(all_at_once, "a notify of all wakes all")
{
    check_one_of_ten(wake_all_at_once);
}

TEST(in_order, "who has slept longest wakes first")
{
    check_one_of_ten(wake_in_order);
}

TEST(other_word, "a notify wakes nobody who waits for another word")
{
    _Atomic int32_t words[3] = { 0 };
    Sleeper first, last;
    start(&first, &words[0], DEADLINE_NEVER);
    start(&last, &words[2], DEADLINE_NEVER);
    CHECK_INT(atomics_notify(&words[1], ATOMICS_ALL), 0);
    wake_one(&words[2]);
    CHECK_INT(atomics_notify(&words[2], ATOMICS_ALL), 0);
    check_join(&last, WAIT_OK);
    wake_one(&words[0]);
    check_join(&first, WAIT_OK);
}

// Load

enum { ROUNDS = 10000 };

static void wait_until(_Atomic int32_t *word, int32_t value)
{
    int32_t now;
    while ((now = atomic_load(word)) != value)
        atomics_wait(word, now);
}

static void set_and_notify(_Atomic int32_t *word, int32_t value)
{
    atomic_store(word, value);
    atomics_notify(word, 1);
}

static void answer(WorkerContext *self)
{
    _Atomic int32_t *words = self->worker_data;
    for (int i = 1; i <= ROUNDS; i++) {
        wait_until(&words[0], i);
        set_and_notify(&words[1], i);
    }
}

TEST(store_then_notify, "two threads wake each other and never miss it")
{
    _Atomic int32_t words[2] = { 0 };
    Worker *other = worker_start(answer, words);
    for (int i = 1; i <= ROUNDS; i++) {
        set_and_notify(&words[0], i);
        wait_until(&words[1], i);
    }
    worker_join(&other);
}

typedef struct Meeting {
    atomic_int come;
    _Atomic int32_t word;
} Meeting;

static void wait_in_rounds(WorkerContext *self)
{
    Meeting *meeting = self->worker_data;
    for (int i = 0; i < 2 * ROUNDS; i++) {
        meet(&meeting->come, 2, i);
        wait_until(&meeting->word, i + 1);
    }
}

TEST(just_then, "a notify while somebody is going to sleep is not missed")
{
    Meeting meeting = { 0 };
    _Atomic int32_t other_word = 0;
    Worker *other = worker_start(wait_in_rounds, &meeting);
    for (int i = 0; i < 2 * ROUNDS; i++) {
        meet(&meeting.come, 2, i);
        for (int delay = 0; delay <= i % 2; delay++)
            atomics_notify(&other_word, 1);  // gets in the way
        set_and_notify(&meeting.word, i + 1);
    }
    worker_join(&other);
}

typedef struct Nap {
    _Atomic int32_t word;
    atomic_int nappers;
    atomic_int woken;
} Nap;

static void take_naps(WorkerContext *self)
{
    Nap *nap = self->worker_data;
    for (int i = 0; i < ROUNDS / 10; i++) {
        Deadline soon = deadline_in_ms(1);
        soon.ns -= 1000 * (1000 - i % 64);  // 0 to 63 microseconds from now
        if (atomics_wait_until(&nap->word, 0, soon) == WAIT_OK)
            atomic_fetch_add(&nap->woken, 1);
    }
    atomic_fetch_sub(&nap->nappers, 1);
}

TEST(each_counted, "as many are woken as the notifies have counted")
{
    Nap nap = { .nappers = 4 };
    Worker *workers[4];
    for (int i = 0; i < 4; i++)
        workers[i] = worker_start(take_naps, &nap);
    int counted = 0;
    for (int i = 0; atomic_load(&nap.nappers) > 0; i++)
        counted += atomics_notify(&nap.word, 1 + i % 2);
    for (int i = 0; i < 4; i++)
        worker_join(&workers[i]);
    CHECK_INT(nap.woken, counted);
}
