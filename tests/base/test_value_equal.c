// Values: when they are equal, and what of them is memory.

#include <math.h>
#include <stdlib.h>

#include "test.h"
#include "value.h"

TEST(equality, "values are equal if type and content are")
{
    const Value error = { .type = VALUE_ERROR, .text = "a", .size = 1 };
    const Value nul = { .type = VALUE_TEXT, .text = "a\0", .size = 2 };
    const Value nul_b = { .type = VALUE_TEXT, .text = "a\0b", .size = 3 };
    const Value nul_c = { .type = VALUE_TEXT, .text = "a\0c", .size = 3 };
    const Value different[] = {
        value_none(),
        value_null(),
        value_bool(false),
        value_bool(true),
        value_int(0),
        value_int(1),
        value_int(-1),
        value_int(1LL << 32),
        value_real(0.0),
        value_real(-0.0),
        value_real(1.0),
        value_real(NAN),
        value_text(""),
        value_text("a"),
        value_text("b"),
        value_text("aa"),
        value_text("ab"),
        nul,
        nul_b,
        nul_c,
        value_bytes("", 0),
        value_bytes("a", 1),
        value_bytes("a", 2),
        error,
    };
    const size_t count = sizeof different / sizeof *different;
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < count; j++)
            CHECK_INT(value_equal(different[i], different[j]), i == j);
}

TEST(equality_of_copies, "where text and bytes are does not matter")
{
    char text[] = "same";
    Value error = value_text("same"), error_copy = value_text(text);
    error.type = error_copy.type = VALUE_ERROR;
    CHECK(value_equal(value_text("same"), value_text(text)));
    CHECK(value_equal(value_bytes("same", 4), value_bytes(text, 4)));
    CHECK(value_equal(value_bytes(NULL, 0), value_bytes(text, 0)));
    CHECK(value_equal(error, error_copy));
}

TEST(equality_of_unused, "what a type does not use does not matter")
{
    Value none = { .type = VALUE_NONE, .integer = 5, .size = 6 };
    Value null = { .type = VALUE_NULL, .integer = 5, .size = 6 };
    Value integer = { .type = VALUE_INT, .integer = 7, .size = 8 };
    CHECK(value_equal(none, value_none()));
    CHECK(value_equal(null, value_null()));
    CHECK(value_equal(integer, value_int(7)));
}

TEST(has_bytes, "only text, bytes and errors point to something")
{
    Value value = { .size = 0 };
    for (int type = VALUE_NONE; type <= VALUE_ERROR; type++) {
        value.type = (ValueType)type;
        CHECK_INT(value_has_bytes(value), type >= VALUE_TEXT);
    }
}

TEST(freed, "text, bytes and errors are freed, and nothing else is")
{
    Value value = value_int(-1);  // no address that could be freed
    value_free(&value);
    for (int type = VALUE_TEXT; type <= VALUE_ERROR; type++) {
        value = value_bytes(malloc(10), 10);
        value.type = (ValueType)type;
        value_free(&value);
    }
}
