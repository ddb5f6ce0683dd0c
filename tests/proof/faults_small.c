// value.h, text.h, die.h, atomics.h and deadline.h under faults.
#include <stdlib.h>
#include <string.h>

#include "atomics.h"
#include "base/die.h"
#include "base/text.h"
#include "deadline.h"
#include "faults.h"
#include "value.h"

static void print(Value value, const char *expected)
{
    FILE *paper = paper_new();
    value_print(value, paper);
    if (!fault_struck())
        CHECK_TEXT(paper_read(paper), expected);
    paper_end(paper);
}

static void print_values(void)
{
    CHECK(!value_has_bytes(value_none()));
    print(value_none(), "undefined");
    print(value_null(), "null");
    print(value_bool(true), "true");
    print(value_int(-7), "-7");
    print(value_real(1.5e300), "1.5e+300");
    print(value_text("don't\n"), "\"don't\\n\"");
    print(value_bytes("\1\2", 2), "Uint8Array(2) [ 1, 2 ]");
}

TEST(values, "printing values")
{
    try_faults(print_values, (FaultOptions){ 0 });
}

static void add(Text *text, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    text_add_args(text, format, args);
    va_end(args);
}

static void write_text(void)
{
    Text text = { 0 };
    text_add(&text, "%0100d", 1);
    add(&text, "by%ss", "te");
    value_add_to_text(value_text("text"), &text);
    CHECK_INT((long long)text.size, 111);
    text_add_bytes(&text, "\0", 1);
    CHECK_TEXT(text.at + 99, "1bytes'text'");
    text_free(&text);
    CHECK(text.at == NULL);
}

TEST(texts, "writing a text")
{
    try_faults(write_text, (FaultOptions){ .inside = true });
}

// Memory that is there; otherwise the process ends and says how much was
// wanted.

// The compiler must not know that the memory is never used, or it leaves out
// the allocation.
static char *_Atomic seven;

static void allocate(void)
{
    char *text = must_calloc(3, 5);
    CHECK(text[0] == 0 && text[14] == 0);
    seven = must_realloc(text, 1000);
    free(seven);
    seven = must_malloc(7);
    free(seven);
}

TEST(memory, "memory, which is there or the process ends")
{
    try_faults(allocate, (FaultOptions){ .inside = true });
}

// Waiting on a word.

static _Atomic int32_t word;

static void *wait_for_word(void *arg)
{
    CHECK_TEXT(atomics_result_text(atomics_wait(&word, 0)), "ok");
    return arg;
}

static void wait_and_notify(void)
{
    atomic_store(&word, 0);
    CHECK(atomics_wait(&word, 1) == WAIT_NOT_EQUAL);
    CHECK(atomics_wait_until(&word, 0, deadline_in_ms(1)) == WAIT_TIMED_OUT);
    CHECK(deadline_remaining_ns(DEADLINE_NEVER) > 0);
    CHECK(deadline_now_ns() > 0);
    pthread_t thread = start_thread(wait_for_word, NULL);
    wait_for_sleepers(1);
    CHECK_INT(atomics_notify(&word, ATOMICS_ALL), 1);
    join_thread(thread);
}

TEST(words, "waiting on a word")
{
    try_faults(wait_and_notify, (FaultOptions){ 0 });
}
