// One future: what it is started with and what comes back. When it settles is
// in test_future_await.c, several at once in test_future_many.c.

#include <float.h>
#include <limits.h>
#include <math.h>
#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/die.h"
#include "future.h"
#include "gate.h"
#include "test.h"

static Gate go, done;

// Values.

static void give_back(Task *self)
{
    const Value *value = self->args;
    task_return(self, *value);
}

static void check_comes_back(Value sent)
{
    Future *future = future_start(give_back, &sent, sizeof sent);
    Value value = future_await(future);
    CHECK_INT(value.type, sent.type);
    CHECK(value_equal(value, sent));
    future_join(&future);
}

TEST(none_null_bool, "no value, null, true and false come back")
{
    check_comes_back(value_none());
    check_comes_back(value_null());
    check_comes_back(value_bool(true));
    check_comes_back(value_bool(false));
}

TEST(integers, "integers come back, the smallest and the largest too")
{
    check_comes_back(value_int(0));
    check_comes_back(value_int(-1));
    check_comes_back(value_int(LLONG_MAX));
    check_comes_back(value_int(LLONG_MIN));
}

TEST(reals, "reals come back bit for bit, NaN and minus zero too")
{
    check_comes_back(value_real(0.1 + 0.2));
    check_comes_back(value_real(-0.0));
    check_comes_back(value_real(NAN));
    check_comes_back(value_real(-INFINITY));
    check_comes_back(value_real(DBL_MAX));
    check_comes_back(value_real(5e-324));
    const uint64_t signalling_nan = UINT64_C(0x7ff0000000000001);
    Value value = { .type = VALUE_REAL };
    memcpy(&value.integer, &signalling_nan, sizeof signalling_nan);
    check_comes_back(value);
}

TEST(texts, "text comes back as a copy that ends with a NUL, empty text too")
{
    const char *const texts[] = { "John", "", "Ջոն", "two\nlines" };
    for (int i = 0; i < 4; i++) {
        Value sent = value_text(texts[i]);
        Future *future = future_start(give_back, &sent, sizeof sent);
        Value value = future_await(future);
        CHECK_INT(value.type, VALUE_TEXT);
        CHECK_TEXT(value.text, texts[i]);
        CHECK_INT((long long)value.size, (long long)strlen(texts[i]));
        CHECK(value.text != texts[i]);
        future_join(&future);
    }
}

TEST(text_with_nuls, "text with NULs inside comes back whole")
{
    Value sent = { .type = VALUE_TEXT, .text = "a\0b\0", .size = 4 };
    Future *future = future_start(give_back, &sent, sizeof sent);
    Value value = future_await(future);
    CHECK_INT((long long)value.size, 4);
    CHECK(memcmp(value.text, "a\0b\0", 5) == 0);  // with the NUL that ends it
    future_join(&future);
}

TEST(bytes, "bytes come back: all values of a byte, none, and a million")
{
    unsigned char all[256];
    for (int i = 0; i < 256; i++)
        all[i] = (unsigned char)i;
    check_comes_back(value_bytes(all, sizeof all));
    check_comes_back(value_bytes(all, 0));
    check_comes_back(value_bytes(NULL, 0));

    char *many = must_malloc(1000000);
    memset(many, 'x', 1000000);
    check_comes_back(value_bytes(many, 1000000));
    free(many);
}

static void return_then_overwrite(Task *self)
{
    char buffer[] = "as it was";
    task_return(self, value_text(buffer));
    memset(buffer, '#', sizeof buffer - 1);
    gate_open(&done);
}

TEST(value_is_copied, "the value is as it was when it was returned")
{
    Future *future = future_start(return_then_overwrite, NULL, 0);
    Value value = future_await(future);
    gate_pass(&done);
    CHECK_TEXT(value.text, "as it was");
    future_join(&future);
}

static void say_nothing(Task *self)
{
    (void)self;
}

TEST(nothing_returned, "a task that returns nothing settles with no value")
{
    Future *future = future_start(say_nothing, NULL, 0);
    CHECK_INT(future_await(future).type, VALUE_NONE);
    future_join(&future);
}

// Arguments.

static void add_after_a_while(Task *self)
{
    const int *numbers = self->args;
    gate_pass(&go);
    task_return(self, value_int(numbers[0] + numbers[1]));
}

TEST(arguments_are_copied, "the caller may change its arguments at once")
{
    int numbers[] = { 20, 3 };
    Future *future = future_start(add_after_a_while, numbers, sizeof numbers);
    numbers[0] = numbers[1] = 1000;
    gate_open(&go);
    CHECK_INT(future_await(future).integer, 23);
    future_join(&future);
}

static void return_arguments(Task *self)
{
    CHECK((uintptr_t)self->args % alignof(max_align_t) == 0);
    task_return(self, value_bytes(self->args, self->size));
}

TEST(arguments_of_any_size, "arguments of any size arrive whole and aligned")
{
    static char bytes[1000000];
    memset(bytes, 'a', sizeof bytes);
    const size_t sizes[] = { 1, 2, 3, 8, 17, 64, 4097, sizeof bytes };
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        Future *future = future_start(return_arguments, bytes, sizes[i]);
        Value value = future_await(future);
        CHECK(value_equal(value, value_bytes(bytes, sizes[i])));
        future_join(&future);
    }
}

static void has_no_arguments(Task *self)
{
    task_return(self, value_bool(self->args == NULL && self->size == 0));
}

TEST(no_arguments, "without arguments the task sees NULL and no bytes")
{
    Future *futures[] = { future_start(has_no_arguments, NULL, 0),
                          future_start(has_no_arguments, "", 0) };
    for (int i = 0; i < 2; i++) {
        CHECK(future_await(futures[i]).boolean);
        future_join(&futures[i]);
    }
}

// Errors.

static void fail_with(Task *self)
{
    const char *text = self->args;
    task_return_error(self, "%s", text);
}

TEST(errors, "an error has its text, an empty one is an error too")
{
    const char *const texts[][2] = {
        { "Error: boom", "Error: boom" },
        { "0", "0" },
        { "", "" },
        { "100 %s %n", "100 %s %n" },
    };
    for (int i = 0; i < 4; i++) {
        const char *text = texts[i][0];
        Future *future = future_start(fail_with, text, strlen(text) + 1);
        Value value = future_await(future);
        CHECK_INT(value.type, VALUE_ERROR);
        CHECK_TEXT(value.text, texts[i][1]);
        CHECK_INT((long long)value.size, (long long)strlen(texts[i][1]));
        future_join(&future);
    }
}

static void fail_at_length(Task *self)
{
    char where[] = "line";
    task_return_error(self, "%s %d: %5000d", where, 12, 7);
    memset(where, '#', sizeof where - 1);
    gate_open(&done);
}

TEST(formatted_error, "an error is formatted and copied, however long it is")
{
    Future *future = future_start(fail_at_length, NULL, 0);
    Value value = future_await(future);
    gate_pass(&done);
    CHECK_INT((long long)value.size, (long long)strlen("line 12: ") + 5000);
    CHECK(strncmp(value.text, "line 12:  ", 10) == 0);
    CHECK_TEXT(value.text + value.size - 2, " 7");
    future_join(&future);
}

static void return_return(Task *self)
{
    task_return(self, value_text("first"));
    task_return(self, value_text("second"));
}

static void return_fail(Task *self)
{
    task_return(self, value_text("first"));
    task_return_error(self, "second");
}

static void fail_return(Task *self)
{
    task_return_error(self, "first");
    task_return(self, value_text("second"));
}

static void fail_fail(Task *self)
{
    task_return_error(self, "first");
    task_return_error(self, "second");
}

TEST(first_counts, "only the first of several returns and fails counts")
{
    void (*const runs[])(Task *) = { return_return, return_fail, fail_return,
                                     fail_fail };
    for (int i = 0; i < 4; i++) {
        Future *future = future_start(runs[i], NULL, 0);
        Value value = future_await(future);
        CHECK_INT(value.type, i < 2 ? VALUE_TEXT : VALUE_ERROR);
        CHECK_TEXT(value.text, "first");
        future_join(&future);
    }
}

static void fail_inside(Task *self)
{
    Future *inner = future_start(fail_with, "inside", sizeof "inside");
    task_return(self, future_await(inner));
    future_join(&inner);
}

TEST(error_is_passed_on, "a task may return the error of its own future")
{
    Future *future = future_start(fail_inside, NULL, 0);
    Value value = future_await(future);
    CHECK_INT(value.type, VALUE_ERROR);
    CHECK_TEXT(value.text, "inside");
    future_join(&future);
}

TEST(joined_unread, "values and errors that nobody awaited are freed by join")
{
    Value sent = value_text("never read");
    Future *futures[] = { future_start(give_back, &sent, sizeof sent),
                          future_start(fail_with, "x", 2),
                          future_start(return_return, NULL, 0) };
    future_join_all(futures, 3);
}
