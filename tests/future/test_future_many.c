// Many futures: all of them, any of them, and many threads that wait.

#include <stdlib.h>
#include <string.h>

#include "future.h"
#include "gate.h"
#include "test.h"

static Gate go;

// The tasks of these tests.

static void return_number(Task *self)
{
    const int *number = self->args;
    task_return(self, value_int(*number));
}

static void fail_number(Task *self)
{
    const int *number = self->args;
    task_return_error(self, "%d", *number);
}

static void return_when_open(Task *self)
{
    gate_pass(&go);
    return_number(self);
}

static void fail_when_open(Task *self)
{
    gate_pass(&go);
    fail_number(self);
}

static void return_a_little_later(Task *self)
{
    test_let_others_run();
    return_number(self);
}

static void fail_a_little_later(Task *self)
{
    test_let_others_run();
    fail_number(self);
}

static Future *start(void (*run)(Task *self), int number)
{
    return future_start(run, &number, sizeof number);
}

// The same, and waits until it has settled.
static Future *settled(void (*run)(Task *self), int number)
{
    Future *future = start(run, number);
    Value value = future_await(future);
    CHECK(value.type == VALUE_INT || value.type == VALUE_ERROR);
    return future;
}

static void check_error(Value value, const char *text)
{
    CHECK_INT(value.type, VALUE_ERROR);
    CHECK_TEXT(value.text, text);
    CHECK_INT((long long)value.size, (long long)strlen(text));
}

// Waits for any, which must be this one, with this value.
static void check_any(Future *futures[], size_t count, size_t which, int number)
{
    size_t index = count + 1;
    Value value = future_await_any(futures, count, &index);
    CHECK_INT((long long)index, (long long)which);
    CHECK_INT(value.type, VALUE_INT);
    CHECK_INT(value.integer, number);
}

// All.

static Gate turns[6];

static void return_in_turn(Task *self)
{
    const int *number = self->args;
    gate_pass(&turns[*number + 1]);
    task_return(self, value_int(*number));
    gate_open(&turns[*number]);
}

TEST(all_in_order, "values come in the order of the futures, not of settling")
{
    Future *futures[5];
    for (int i = 0; i < 5; i++)
        futures[i] = start(return_in_turn, i);
    gate_open(&turns[5]);  // the last settles first
    Value values[5];
    CHECK_INT(future_await_all(futures, 5, values).type, VALUE_NONE);
    for (int i = 0; i < 5; i++)
        CHECK_INT(values[i].integer, i);
    future_join_all(futures, 5);
}

TEST(all_of_none, "all of no futures have returned")
{
    CHECK_INT(future_await_all(NULL, 0, NULL).type, VALUE_NONE);
    Value result = value_int(7);
    CHECK_INT(future_await_all_until(NULL, 0, NULL, &result, DEADLINE_NOW),
              WAIT_OK);
    CHECK_INT(result.type, VALUE_NONE);
}

TEST(all_without_values, "values may be NULL")
{
    Future *futures[] = { start(return_a_little_later, 1),
                          start(return_number, 2) };
    CHECK_INT(future_await_all(futures, 2, NULL).type, VALUE_NONE);
    future_join_all(futures, 2);
}

TEST(all_with_one_error, "one error is the error, and no value is set")
{
    Future *futures[] = { start(return_number, 1), start(fail_number, 2),
                          start(return_number, 3) };
    Value values[3] = { value_int(7), value_int(7), value_int(7) };
    check_error(future_await_all(futures, 3, values), "2");
    for (int i = 0; i < 3; i++)
        CHECK_INT(values[i].integer, 7);
    future_join_all(futures, 3);
}

TEST(all_first_error, "all fail at the first error in time, others run on")
{
    Future *futures[] = { start(fail_when_open, 1), start(return_when_open, 2),
                          start(fail_a_little_later, 3) };
    check_error(future_await_all(futures, 3, NULL), "3");
    gate_open(&go);
    CHECK_TEXT(future_await(futures[0]).text, "1");
    CHECK_INT(future_await(futures[1]).integer, 2);
    future_join_all(futures, 3);
}

TEST(all_past_errors, "of errors from before the call the first listed counts")
{
    Future *later = settled(fail_number, 2);
    Future *futures[] = { settled(return_number, 0), settled(fail_number, 1),
                          later };
    check_error(future_await_all(futures, 3, NULL), "1");
    future_join_all(futures, 3);
}

TEST(all_time_out, "all by a deadline: first too late, then in time")
{
    Future *futures[] = { settled(return_number, 1),
                          start(return_when_open, 2) };
    Value values[2] = { value_int(7), value_int(7) };
    Value result = value_int(7);
    Deadline soon = deadline_in_ms(5);
    CHECK_INT(future_await_all_until(futures, 2, values, &result, soon),
              WAIT_TIMED_OUT);
    CHECK_INT(deadline_remaining_ns(soon), 0);
    CHECK_INT(result.integer, 7);
    CHECK_INT(values[0].integer, 7);
    gate_open(&go);
    Deadline far = deadline_in_ms(1000 * 1000);
    CHECK_INT(future_await_all_until(futures, 2, values, &result, far),
              WAIT_OK);
    CHECK_INT(result.type, VALUE_NONE);
    CHECK_INT(values[0].integer + values[1].integer, 3);
    future_join_all(futures, 2);
}

TEST(all_now, "what has settled is returned although the deadline has passed")
{
    Future *futures[] = { settled(return_number, 1), settled(return_number, 2),
                          settled(fail_number, 3), start(return_when_open, 4) };
    Value values[2];
    Value result = value_int(7);
    CHECK_INT(future_await_all_until(futures, 2, values, &result, DEADLINE_NOW),
              WAIT_OK);
    CHECK_INT(result.type, VALUE_NONE);
    CHECK_INT(values[1].integer, 2);
    CHECK_INT(future_await_all_until(futures, 4, NULL, &result, DEADLINE_NOW),
              WAIT_OK);
    check_error(result, "3");
    gate_open(&go);
    future_join_all(futures, 4);
}

TEST(all_of_the_same, "a future may be listed more than once")
{
    Future *twice = start(return_a_little_later, 5);
    Future *futures[] = { twice, start(return_number, 6), twice };
    Value values[3];
    CHECK_INT(future_await_all(futures, 3, values).type, VALUE_NONE);
    CHECK_INT(values[0].integer, 5);
    CHECK_INT(values[1].integer, 6);
    CHECK_INT(values[2].integer, 5);
    check_any(futures + 2, 1, 0, 5);
    future_join_all(futures, 2);
}

// Any.

TEST(any_first, "any is the first in time that returns, the others run on")
{
    Future *futures[] = { start(return_when_open, 0), start(fail_number, 1),
                          start(return_a_little_later, 2),
                          start(fail_when_open, 3) };
    check_any(futures, 4, 2, 2);
    gate_open(&go);
    future_join_all(futures, 4);
}

TEST(any_after_errors, "any ignores errors while another may still return")
{
    Future *futures[] = { settled(fail_number, 0), start(fail_number, 1),
                          start(return_a_little_later, 2) };
    check_any(futures, 3, 2, 2);
    future_join_all(futures, 3);
}

TEST(any_of_failed, "any of futures that all fail is the first one's error")
{
    Future *futures[] = { start(fail_number, 0), settled(fail_number, 1),
                          start(fail_a_little_later, 2) };
    size_t index = 7;
    check_error(future_await_any(futures, 3, &index), "0");
    CHECK_INT((long long)index, 3);
    check_error(future_await_any(futures + 1, 2, NULL), "1");
    future_join_all(futures, 3);
}

TEST(any_of_none, "any of no futures is an error")
{
    static const char said[] = "none of no futures returns";
    check_error(future_await_any(NULL, 0, NULL), said);
    Value value = value_int(7);
    size_t index = 7;
    CHECK_INT(future_await_any_until(NULL, 0, &value, &index, DEADLINE_NOW),
              WAIT_OK);
    check_error(value, said);
    CHECK_INT((long long)index, 0);
}

TEST(any_without_index, "index may be NULL")
{
    Future *futures[] = { settled(fail_number, 0), start(return_number, 1) };
    Value value = value_none();
    CHECK_INT(future_await_any(futures, 2, NULL).integer, 1);
    CHECK_INT(future_await_any_until(futures, 2, &value, NULL, DEADLINE_NOW),
              WAIT_OK);
    CHECK_INT(value.integer, 1);
    future_join_all(futures, 2);
}

TEST(any_past,
     "of several that returned before the call the first listed is it")
{
    Future *later = settled(return_number, 2);
    Future *futures[] = { settled(fail_number, 0), settled(return_number, 1),
                          later, later };
    check_any(futures, 4, 1, 1);
    check_any(futures + 2, 2, 0, 2);
    future_join_all(futures, 3);
}

TEST(any_time_out, "any by a deadline: first too late, then in time")
{
    Future *futures[] = { settled(fail_number, 0), start(return_when_open, 1) };
    Value value = value_int(7);
    size_t index = 7;
    Deadline soon = deadline_in_ms(5);
    CHECK_INT(future_await_any_until(futures, 2, &value, &index, DEADLINE_NOW),
              WAIT_TIMED_OUT);
    CHECK_INT(future_await_any_until(futures, 2, &value, &index, soon),
              WAIT_TIMED_OUT);
    CHECK_INT(deadline_remaining_ns(soon), 0);
    CHECK_INT((long long)index, 7);
    CHECK_INT(value.integer, 7);
    gate_open(&go);
    Deadline far = deadline_in_ms(1000 * 1000);
    CHECK_INT(future_await_any_until(futures, 2, &value, &index, far), WAIT_OK);
    CHECK_INT((long long)index, 1);
    CHECK_INT(value.integer, 1);
    CHECK_INT(future_await_any_until(futures, 2, &value, &index, DEADLINE_NOW),
              WAIT_OK);
    future_join_all(futures, 2);
}

static void say_nothing(Task *self)
{
    (void)self;
}

TEST(any_without_value, "a task that returned nothing has returned")
{
    Future *future = future_start(say_nothing, NULL, 0);
    size_t index = 7;
    CHECK_INT(future_await_any(&future, 1, &index).type, VALUE_NONE);
    CHECK_INT((long long)index, 0);
    CHECK_INT(future_await_all(&future, 1, NULL).type, VALUE_NONE);
    future_join(&future);
}

// Many.

TEST(hundreds, "hundreds of futures settle, and each with its own value")
{
    enum { COUNT = 300 };
    Future *futures[COUNT];
    Value values[COUNT];
    for (int i = 0; i < COUNT; i++)
        futures[i] = start(return_number, i);
    CHECK_INT(future_await_all(futures, COUNT, values).type, VALUE_NONE);
    for (int i = 0; i < COUNT; i++)
        CHECK_INT(values[i].integer, i);
    future_join_all(futures, COUNT);
}

static Future *shared[8];  // set before the threads that use them start

static void await_shared(Task *self)
{
    const int *how = self->args;
    Value values[8];
    switch (*how % 3) {
    case 0:
        CHECK_INT(future_await_all(shared, 8, values).type, VALUE_NONE);
        for (int i = 0; i < 8; i++)
            CHECK_INT(values[i].integer, i);
        break;
    case 1:
        CHECK_INT(future_await_any(shared, 8, NULL).type, VALUE_INT);
        break;
    case 2:
        CHECK_INT(future_await(shared[*how % 8]).integer, *how % 8);
        break;
    }
}

TEST(many_wait, "many threads wait for the same futures, each in its own way")
{
    Future *waiting[12];
    for (int i = 0; i < 8; i++)
        shared[i] = start(return_when_open, i);
    for (int i = 0; i < 12; i++)
        waiting[i] = start(await_shared, i);
    test_let_others_run();
    gate_open(&go);
    future_join_all(waiting, 12);
    future_join_all(shared, 8);
}

TEST(given_up_waits, "waits that were given up leave nothing behind")
{
    Future *futures[] = { start(return_when_open, 0),
                          start(return_when_open, 1),
                          start(return_when_open, 2) };
    for (int i = 0; i < 50; i++) {
        Deadline past = deadline_in_ms(i % 10 == 0);  // 1 or now
        Value result;
        size_t index;
        CHECK_INT(future_await_all_until(futures, 3, NULL, &result, past),
                  WAIT_TIMED_OUT);
        CHECK_INT(future_await_any_until(futures, 2, &result, &index, past),
                  WAIT_TIMED_OUT);
    }
    gate_open(&go);
    CHECK_INT(future_await_all(futures, 3, NULL).type, VALUE_NONE);
    future_join_all(futures, 3);
}

TEST(deadline_races, "a wait that ends while futures settle loses nothing")
{
    for (int i = 0; i < 150; i++) {
        Future *futures[] = { start(return_number, i),
                              start(return_number, -i) };
        Value values[2];
        Value result;
        while (future_await_all_until(futures, 2, values, &result,
                                      DEADLINE_NOW) == WAIT_TIMED_OUT)
            continue;
        CHECK_INT(values[0].integer, i);
        CHECK_INT(values[1].integer, -i);
        future_join_all(futures, 2);
    }
}
