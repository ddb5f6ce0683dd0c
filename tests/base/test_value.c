// Values: how they are shown.
// Node.js 20 has printed the expected numbers, texts and bytes.

#include <float.h>
#include <limits.h>
#include <locale.h>
#include <math.h>
#include <stdlib.h>

#include "base/text.h"
#include "test.h"
#include "value.h"

static void check_shows(Value value, const char *expected)
{
    char *shown;
    size_t size;
    FILE *file = open_memstream(&shown, &size);
    CHECK(file != NULL);
    value_print(value, file);
    fclose(file);
    CHECK_TEXT(shown, expected);
    CHECK_INT((long long)size, (long long)strlen(expected));
    free(shown);
}

typedef struct Shown {
    double real;
    const char *text;
} Shown;

static void check_all_show(const Shown *cases, size_t count)
{
    for (size_t i = 0; i < count; i++)
        check_shows(value_real(cases[i].real), cases[i].text);
}

#define CHECK_ALL_SHOW(cases)                                                  \
    check_all_show(cases, sizeof cases / sizeof *cases)

// Numbers.

TEST(decimals, "a real is shown with the fewest digits that are exact")
{
    const Shown cases[] = {
        { 0.1 + 0.2, "0.30000000000000004" },
        { 0.1, "0.1" },
        { 1.0 / 3, "0.3333333333333333" },
        { 123456789.125, "123456789.125" },
        { -2.5, "-2.5" },
        { 4.35, "4.35" },
        { 3.141592653589793, "3.141592653589793" },
    };
    CHECK_ALL_SHOW(cases);
}

TEST(whole_reals, "a whole real has no point, and zeros up to 21 digits")
{
    const Shown cases[] = {
        { 0, "0" },
        { 1, "1" },
        { -1, "-1" },
        { 100, "100" },
        { 9007199254740992, "9007199254740992" },
        { 72057594037927936, "72057594037927940" },
        { 18446744073709551616.0, "18446744073709552000" },
        { 1e20, "100000000000000000000" },
        { 123456789012345680000.0, "123456789012345680000" },
        { 999999999999999900000.0, "999999999999999900000" },
    };
    CHECK_ALL_SHOW(cases);
}

TEST(exponents, "reals from 1e21 on and below 1e-6 have an exponent")
{
    const Shown cases[] = {
        { 1e21, "1e+21" },
        { -1e21, "-1e+21" },
        { 1234567890123456789012.0, "1.2345678901234568e+21" },
        { 1e28, "1e+28" },
        { DBL_MAX, "1.7976931348623157e+308" },
        { 1e-6, "0.000001" },
        { 0.0000015, "0.0000015" },
        { 0.00001234, "0.00001234" },
        { 1e-7, "1e-7" },
        { -1.5e-7, "-1.5e-7" },
        { 9.5367431640625e-7, "9.5367431640625e-7" },
        { DBL_MIN, "2.2250738585072014e-308" },
        { 5e-324, "5e-324" },
    };
    CHECK_ALL_SHOW(cases);
}

// The nearest decimal of so many digits is no good there, but another one is.
TEST(powers_of_two, "of decimals that are exact the shortest is shown")
{
    const Shown cases[] = {
        { ldexp(1, -921), "5.641232424577593e-278" },
        { ldexp(1, -808), "5.858190679279809e-244" },
        { ldexp(1, -44), "5.684341886080802e-14" },
        { ldexp(1, 89), "6.189700196426902e+26" },
        { ldexp(1, 132), "5.444517870735016e+39" },
        { ldexp(-1, 976), "-6.386688990511104e+293" },
        { ldexp(1, 1023), "8.98846567431158e+307" },
    };
    CHECK_ALL_SHOW(cases);
}

TEST(special_reals, "NaN, the infinities and minus zero have their names")
{
    const Shown cases[] = {
        { NAN, "NaN" },           { -NAN, "NaN" },
        { INFINITY, "Infinity" }, { -INFINITY, "-Infinity" },
        { -0.0, "-0" },
    };
    CHECK_ALL_SHOW(cases);
}

static double any_real(unsigned long long *seed)
{
    *seed = *seed * 6364136223846793005ULL + 1442695040888963407ULL;
    unsigned long long bits = *seed ^ *seed >> 29;
    double real;
    memcpy(&real, &bits, sizeof real);
    return real;
}

TEST(round_trip, "reading back what is shown gives the same real")
{
    unsigned long long seed = 1;
    for (int i = 0; i < 2000; i++) {
        double real = any_real(&seed);
        if (!isfinite(real))
            continue;
        Text text = { 0 };
        value_add_to_text(value_real(real), &text);
        CHECK(strtod(text.at, NULL) == real);
        text_free(&text);
    }
}

static bool set_comma_locale(void)
{
    static const char *const names[] = { "de_DE.UTF-8", "de_DE.utf8",
                                         "de_DE",       "fr_FR.UTF-8",
                                         "fr_FR.utf8",  "ru_RU.UTF-8",
                                         "hy_AM.UTF-8" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (setlocale(LC_ALL, names[i]) &&
            strcmp(localeconv()->decimal_point, ",") == 0)
            return true;
    return false;
}

TEST(decimal_comma, "a locale with a decimal comma changes nothing")
{
    if (!set_comma_locale())
        test_skip("no locale with a decimal comma is installed");
    check_shows(value_real(0.1 + 0.2), "0.30000000000000004");
    check_shows(value_real(-1234567.5), "-1234567.5");
    check_shows(value_real(1.5e300), "1.5e+300");
    check_shows(value_int(1234567), "1234567");
}

TEST(integers, "integers are shown whole, up to the largest")
{
    check_shows(value_int(0), "0");
    check_shows(value_int(-42), "-42");
    check_shows(value_int(LLONG_MAX), "9223372036854775807");
    check_shows(value_int(LLONG_MIN), "-9223372036854775808");
}

// Text, bytes and the rest.

TEST(quotes, "text is in quotes that need no escaping, if there are such")
{
    const char *const cases[][2] = {
        { "", "''" },
        { "a", "'a'" },
        { "it's", "\"it's\"" },
        { "say \"hi\"", "'say \"hi\"'" },
        { "`tick`", "'`tick`'" },
        { "it's `tick`", "\"it's `tick`\"" },
        { "it's \"both\"", "`it's \"both\"`" },
        { "'\"`", "'\\'\"`'" },
        { "'\"$", "`'\"$`" },
        { "'\"$`$x", "'\\'\"$`$x'" },
        { "'\"$x", "`'\"$x`" },
        { "'\"${", "'\\'\"${'" },  // ${ means something between backticks
        { "${a}", "'${a}'" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check_shows(value_text(cases[i][0]), cases[i][1]);
}

TEST(escapes, "all of ASCII, escaped as in JavaScript")
{
    char all[128];
    for (int i = 0; i < 128; i++)
        all[i] = (char)i;
    Value value = { .type = VALUE_TEXT, .text = all, .size = sizeof all };
    check_shows(value, "'\\x00\\x01\\x02\\x03\\x04\\x05\\x06\\x07\\b\\t\\n"
                       "\\x0B\\f\\r\\x0E\\x0F\\x10\\x11\\x12\\x13\\x14\\x15"
                       "\\x16\\x17\\x18\\x19\\x1A\\x1B\\x1C\\x1D\\x1E\\x1F"
                       " !\"#$%&\\'()*+,-./0123456789:;<=>?@"
                       "ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\\\]^_`"
                       "abcdefghijklmnopqrstuvwxyz{|}~\\x7F'");
    check_shows(value_text("a\\\"'"), "`a\\\\\"'`");
}

TEST(utf8, "text beyond ASCII is shown as it is")
{
    check_shows(value_text("Ջոն 😀 é"), "'Ջոն 😀 é'");
}

TEST(controls, "control characters beyond ASCII are escaped, and no others")
{
    check_shows(value_text("\xc2\x80\xc2\x9b"
                           "31m\xc2\x9f\xc2\xa0\xc3\x9b"),
                "'\\x80\\x9B31m\\x9F\xc2\xa0\xc3\x9b'");
    check_shows(value_text("\xe2\x80\xa8\xef\xbb\xbf\xf4\x8f\xbf\xbf"),
                "'\xe2\x80\xa8\xef\xbb\xbf\xf4\x8f\xbf\xbf'");
}

TEST(surrogates, "lone surrogates are escaped")
{
    check_shows(value_text("\xed\xa0\x80\xed\xbf\xbf\xed\x9f\xbf\xee\x80\x80"),
                "'\\ud800\\udfff\xed\x9f\xbf\xee\x80\x80'");
}

#define R "\xef\xbf\xbd"

// As TextDecoder replaces them: one for as much as could have become one.
TEST(no_utf8, "bytes that are no UTF-8 are replaced")
{
    const char *const cases[][2] = {
        { "\x9b"
          "31m",
          "'" R "31m'" },
        { "\xff\xfe\xf5\x80", "'" R R R R "'" },
        { "\xc0\xaf\xc1\x9b", "'" R R R R "'" },
        { "\xc2", "'" R "'" },
        { "\xc2\xc2\x9b", "'" R "\\x9B'" },
        { "\xe0\x82\x9b", "'" R R R "'" },
        { "\xe2\x80", "'" R "'" },
        { "\xe2\x80'\n", "\"" R "'\\n\"" },
        { "\xf0\x8f\xbf\xbf", "'" R R R R "'" },
        { "\xf0\x9f\x98", "'" R "'" },
        { "\xf0\x9f\x98\xf0\x9f\x98\x80", "'" R "\xf0\x9f\x98\x80'" },
        { "\xf4\x90\x80\x80", "'" R R R R "'" },
        { "\x80\xbf", "'" R R "'" },
        { R, "'" R "'" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check_shows(value_text(cases[i][0]), cases[i][1]);
}

TEST(bytes, "bytes are shown as a Uint8Array")
{
    const unsigned char six[] = { 0, 255, 128, 7, 10, 39 };
    check_shows(value_bytes(NULL, 0), "Uint8Array(0) []");
    check_shows(value_bytes(six, 1), "Uint8Array(1) [ 0 ]");
    check_shows(value_bytes(six, 3), "Uint8Array(3) [ 0, 255, 128 ]");
    check_shows(value_bytes(six, 6),
                "Uint8Array(6) [ 0, 255, 128, 7, 10, 39 ]");
}

static void check_ends(size_t size, const char *end)
{
    char bytes[200] = { 0 };
    Text text = { 0 };
    value_add_to_text(value_bytes(bytes, size), &text);
    CHECK_TEXT(text.at + text.size - strlen(end), end);
    text_free(&text);
}

TEST(many_bytes, "of many bytes the first hundred are shown")
{
    check_ends(100, "0, 0, 0 ]");
    check_ends(101, "0, 0, 0, ... 1 more item ]");
    check_ends(102, "0, 0, 0, ... 2 more items ]");
}

TEST(others, "no value, null, booleans and errors are shown")
{
    check_shows(value_none(), "undefined");
    check_shows(value_null(), "null");
    check_shows(value_bool(true), "true");
    check_shows(value_bool(false), "false");
    Value error = value_text("Thread boom");
    error.type = VALUE_ERROR;
    check_shows(error, "[Thread boom]");
}

TEST(no_type, "what has none of the types equals nothing, and shows as nothing")
{
    Value value = { .type = (ValueType)99 };
    CHECK(!value_equal(value, value));
    CHECK(!value_has_bytes(value));
    Text text = { 0 };
    value_add_to_text(value, &text);
    CHECK_INT((long long)text.size, 0);
    text_free(&text);
}

TEST(added_to_text, "a value is added to the end of a text")
{
    Text text = { 0 };
    text_add(&text, "{ a: ");
    value_add_to_text(value_real(0.5), &text);
    text_add(&text, ", b: ");
    value_add_to_text(value_text("x"), &text);
    text_add(&text, " }");
    CHECK_TEXT(text.at, "{ a: 0.5, b: 'x' }");
    text_free(&text);
}

TEST(cannot_be_written, "fflush and ferror say that it could not be written")
{
    FILE *full = fopen("/dev/full", "w");
    if (full == NULL)
        test_skip("there is no /dev/full here");
    value_print(value_text("to nobody"), full);
    CHECK(fflush(full) != 0 && ferror(full));
    clearerr(full);
    setvbuf(full, NULL, _IONBF, 0);
    value_print(value_int(1), full);
    CHECK(ferror(full));
    fclose(full);
}
