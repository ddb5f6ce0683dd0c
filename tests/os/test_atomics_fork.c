// atomics.h after fork: a child has none of the parent's sleepers.

#include "fork_child.h"
#include "kit.h"
#include "sleeper.h"

static _Atomic int32_t shared_word;

static void wake_nobody(void)
{
    CHECK_INT(atomics_notify(&shared_word, ATOMICS_ALL), 0);
    CHECK_INT(atomics_wait(&shared_word, 1), WAIT_NOT_EQUAL);
    CHECK_INT(atomics_wait_until(&shared_word, 0, deadline_in_ms(1)),
              WAIT_TIMED_OUT);
    CHECK_INT(atomics_notify(&shared_word, ATOMICS_ALL), 0);
}

TEST(sleeper_in_child, "in a child a notify wakes no thread of the parent")
{
    Sleeper sleeper;
    start(&sleeper, &shared_word, DEADLINE_NEVER);
    for (int i = 0; i < 20; i++)
        check_in_child(wake_nobody);
    wake_one(&shared_word);
    check_join(&sleeper, WAIT_OK);
}

static void wake_own(void)
{
    Sleeper sleeper;
    wake_nobody();
    start(&sleeper, &shared_word, DEADLINE_NEVER);
    wake_one(&shared_word);
    check_join(&sleeper, WAIT_OK);
}

TEST(own_sleeper_in_child, "in a child a notify wakes the child's threads")
{
    children_must_have_threads();
    Sleeper sleeper;
    start(&sleeper, &shared_word, DEADLINE_NEVER);
    check_in_child(wake_own);
    wake_one(&shared_word);
    check_join(&sleeper, WAIT_OK);
}

static atomic_bool enough;

static void wait_and_notify(WorkerContext *self)
{
    (void)self;
    _Atomic int32_t word = 0;
    while (!atomic_load(&enough)) {
        atomics_wait_until(&word, 0, DEADLINE_NOW);
        atomics_notify(&shared_word, 1);
    }
}

TEST(storm_of_children, "forks while threads wait and notify")
{
    Worker *workers[2];
    for (int i = 0; i < 2; i++)
        workers[i] = worker_start(wait_and_notify, NULL);
    for (int i = 0; i < test_rounds(200); i++) {
        let_pass(random_moment());
        check_in_child(wake_nobody);
    }
    atomic_store(&enough, true);
    for (int i = 0; i < 2; i++)
        worker_join(&workers[i]);
}
