// Of several cases that can be done, which one a select does: any with
// queue_select_fair, and otherwise the first listed.

#include "queue_checks.h"

enum { ROUNDS = 10000, MOST = 20 };

// How often each case was done. Chance decides, but from the same start in
// every run: thread by thread, the choices are always the same.
typedef struct Counts {
    int of[MOST];
} Counts;

static void check_share(int count, int least_percent)
{
    CHECK(count >= ROUNDS / 100 * least_percent);
}

static WaitResult select_somehow(QueueCase cases[], size_t count,
                                 size_t *chosen, int way)
{
    return queue_select_fair(cases, count, chosen,
                             way % 3 ? DEADLINE_NOW : DEADLINE_NEVER);
}

// The queues stay ready: what was received is sent again.
static Counts count_receives(Queue *queues[], size_t count)
{
    Counts counts = { { 0 } };
    QueueCase cases[MOST];
    int item;
    for (size_t i = 0; i < count; i++)
        cases[i] = receiving(queues[i], &item);
    for (int round = 0; round < ROUNDS; round++) {
        size_t chosen = MOST;
        CHECK_INT(select_somehow(cases, count, &chosen, round), WAIT_OK);
        CHECK(chosen < count);
        send_int(queues[chosen], item);
        counts.of[chosen]++;
    }
    return counts;
}

static void check_ready(size_t count, int least_percent)
{
    Queue *queues[MOST];
    for (size_t i = 0; i < count; i++)
        queues[i] = full_queue(1 + (int)i % 3);
    Counts counts = count_receives(queues, count);
    for (size_t i = 0; i < count; i++) {
        check_share(counts.of[i], least_percent);
        queue_free(&queues[i]);
    }
}

TEST(two_ready, "of two that are ready each gets at least 40%")
{
    check_ready(2, 40);
}

TEST(three_ready, "of three that are ready each gets at least 30%")
{
    check_ready(3, 30);
}

TEST(twenty_ready, "of twenty that are ready each gets at least 4%")
{
    check_ready(MOST, 4);
}

TEST(gap, "one that is not ready does not give its share to its neighbour")
{
    for (int gap = 0; gap < 3; gap++) {
        Queue *queues[3];
        for (int i = 0; i < 3; i++)
            queues[i] = i == gap ? queue_new(1, sizeof(int)) : full_queue(1);
        Counts counts = count_receives(queues, 3);
        for (int i = 0; i < 3; i++) {
            if (i != gap)
                check_share(counts.of[i], 40);
            queue_free(&queues[i]);
        }
    }
}

TEST(kinds, "a send, a receive and a closed queue are chosen equally often")
{
    Queue *roomy = queue_new(ROUNDS, sizeof(int)), *full = full_queue(ROUNDS);
    Queue *closed = queue_new(0, sizeof(int));
    queue_close(closed);
    int item = 1;
    QueueCase cases[] = { sending(roomy, &item), receiving(full, &item),
                          receiving(closed, &item), sending(closed, &item) };
    Counts counts = { { 0 } };
    for (int round = 0; round < ROUNDS; round++) {
        size_t chosen = MOST;
        WaitResult result =
            queue_select_fair(cases, 4, &chosen, DEADLINE_NEVER);
        CHECK_INT(result, chosen < 2 ? WAIT_OK : WAIT_CLOSED);
        counts.of[chosen]++;
    }
    for (int i = 0; i < 4; i++)
        check_share(counts.of[i], 22);
    CHECK_INT(queue_size(roomy), counts.of[0]);
    CHECK_INT(queue_size(full), ROUNDS - counts.of[1]);
    queue_free(&roomy);
    queue_free(&full);
    queue_free(&closed);
}

TEST(both_ways, "one queue is sent to as often as it is received from")
{
    Queue *queue = queue_new(64, sizeof(int));
    int item = 1;
    QueueCase cases[] = { sending(queue, &item), receiving(queue, &item) };
    Counts counts = { { 0 } };
    for (int round = 0; round < ROUNDS; round++) {
        size_t chosen = MOST;
        CHECK_INT(queue_select_fair(cases, 2, &chosen, DEADLINE_NEVER),
                  WAIT_OK);
        counts.of[chosen]++;
    }
    check_share(counts.of[0], 40);
    check_share(counts.of[1], 40);
    queue_free(&queue);
}

typedef struct Diary {
    Queue *queues[2];
    size_t chosen[64];
} Diary;

static void keep_diary(WorkerContext *self)
{
    Diary *diary = self->worker_data;
    int item;
    QueueCase cases[] = { receiving(diary->queues[0], &item),
                          receiving(diary->queues[1], &item) };
    for (int i = 0; i < 64; i++)
        CHECK_INT(queue_select_fair(cases, 2, &diary->chosen[i],
                                    DEADLINE_NEVER),
                  WAIT_OK);
}

TEST(own_chance, "two threads do not make the same choices")
{
    Diary diaries[2];
    int same = 0;
    for (int i = 0; i < 2; i++) {
        diaries[i] = (Diary){ .queues = { full_queue(64), full_queue(64) } };
        worker_join(&(Worker *){ worker_start(keep_diary, &diaries[i]) });
        queue_free(&diaries[i].queues[0]);
        queue_free(&diaries[i].queues[1]);
    }
    for (int i = 0; i < 64; i++)
        same += diaries[0].chosen[i] == diaries[1].chosen[i];
    CHECK(same < 64);
}

// In the order of the list

TEST(first, "queue_select does the first listed of those that are ready")
{
    Queue *queues[MOST];
    QueueCase cases[MOST];
    int item = -1;
    for (int i = 0; i < MOST; i++) {
        queues[i] = full_queue(2);
        cases[i] = receiving(queues[i], &item);
    }
    for (size_t i = 0; i < 2 * MOST; i++) {
        size_t chosen = MOST;
        CHECK_INT(queue_select(cases, MOST, &chosen), WAIT_OK);
        CHECK_INT(chosen, i / 2);
        CHECK_INT(item, i % 2);
    }
    size_t chosen = MOST;
    CHECK_INT(queue_select_until(cases, MOST, &chosen, DEADLINE_NOW),
              WAIT_TIMED_OUT);
    CHECK_INT(chosen, MOST);
    for (int i = 0; i < MOST; i++)
        queue_free(&queues[i]);
}

TEST(first_closed, "to queue_select a closed queue is ready like others")
{
    Queue *full = full_queue(2), *closed = queue_new(1, sizeof(int));
    int item = -1;
    QueueCase cases[] = { receiving(closed, &item), receiving(full, &item),
                          sending(closed, &item) };
    size_t chosen = MOST;
    queue_close(closed);
    CHECK_INT(queue_select_until(cases, 3, &chosen, DEADLINE_NOW), WAIT_CLOSED);
    CHECK_INT(chosen, 0);
    cases[0].queue = NULL;
    for (int i = 0; i < 2; i++) {
        CHECK_INT(queue_select_until(cases, 3, &chosen, DEADLINE_NOW), WAIT_OK);
        CHECK_INT(chosen, 1);
    }
    CHECK_INT(queue_select_until(cases, 3, &chosen, DEADLINE_NOW), WAIT_CLOSED);
    CHECK_INT(chosen, 2);
    queue_free(&full);
    queue_free(&closed);
}
