#include "base.h"

#include "value.h"

#include <ctype.h>
#include <math.h>

#include "text.h"

bool value_has_bytes(Value value)
{
    return value.type == VALUE_TEXT || value.type == VALUE_BYTES ||
           value.type == VALUE_ERROR;
}

void value_free(Value *value)
{
    if (value_has_bytes(*value))
        free((void *)value->bytes);
}

bool value_equal(Value a, Value b)
{
    if (a.type != b.type)
        return false;
    switch (a.type) {
    case VALUE_NONE:
    case VALUE_NULL:
        return true;
    case VALUE_BOOL:
        return a.boolean == b.boolean;
    case VALUE_INT:
        return a.integer == b.integer;
    case VALUE_REAL:
        return memcmp(&a.real, &b.real, sizeof a.real) == 0;
    case VALUE_TEXT:
    case VALUE_BYTES:
    case VALUE_ERROR:
        return a.size == b.size &&
               (a.size == 0 || memcmp(a.bytes, b.bytes, a.size) == 0);
    }
    return false;
}

// A number as its decimal digits: 0.DIGITS times ten to the power of point.
typedef struct Decimal {
    char digits[20];
    int count;
    int point;
} Decimal;

// Prints the number with so many digits after the first; says whether they read
// back as the same.
static bool print_digits(char *printed, size_t size, int digits, double real)
{
    snprintf(printed, size, "%.*e", digits, real);
    if (strtod(printed, NULL) == real)
        return true;
    // Above a power of two the numbers lie further apart than below it. So the
    // next decimal may do, although printf found another one nearer.
    char *last = strchr(printed, 'e') - 1;
    if (*last == '9')
        return false;
    ++*last;
    return strtod(printed, NULL) == real;
}

// The shortest digits that read back as the same number. Only digits are taken
// from printf, whose decimal point depends on the locale.
static Decimal shortest(double real)
{
    char printed[40];
    int digits = 0;
    while (!print_digits(printed, sizeof printed, digits, real) && digits < 17)
        digits++;

    Decimal decimal = { .count = 0 };
    char *c = printed;
    for (; *c != 'e'; c++)
        if (isdigit((unsigned char)*c))
            decimal.digits[decimal.count++] = *c;
    decimal.point = atoi(c + 1) + 1;
    return decimal;
}

static void add_zeros(Text *text, int count)
{
    for (int i = 0; i < count; i++)
        text_add(text, "0");
}

static void add_exponent(Text *text, const Decimal *d)
{
    text_add(text, "%c", d->digits[0]);
    if (d->count > 1)
        text_add(text, ".%.*s", d->count - 1, d->digits + 1);
    text_add(text, "e%+d", d->point - 1);
}

// JavaScript writes out what lies between 1e-7 and 1e21.
static void add_finite(Text *text, double real)
{
    if (signbit(real))
        text_add(text, "-");
    Decimal d = shortest(fabs(real));
    if (d.point > 21 || d.point < -5) {
        add_exponent(text, &d);
    } else if (d.point <= 0) {
        text_add(text, "0.");
        add_zeros(text, -d.point);
        text_add(text, "%.*s", d.count, d.digits);
    } else if (d.point >= d.count) {
        text_add(text, "%.*s", d.count, d.digits);
        add_zeros(text, d.point - d.count);
    } else {
        text_add(text, "%.*s.", d.point, d.digits);
        text_add(text, "%.*s", d.count - d.point, d.digits + d.point);
    }
}

static void add_real(Text *text, double real)
{
    if (isnan(real))
        text_add(text, "NaN");
    else if (isinf(real))
        text_add(text, real < 0 ? "-Infinity" : "Infinity");
    else
        add_finite(text, real);
}

// Between backticks JavaScript would replace ${...}.
static bool has_placeholder(Value value)
{
    for (size_t i = 1; i < value.size; i++)
        if (value.text[i - 1] == '$' && value.text[i] == '{')
            return true;
    return false;
}

// The quotes that need no escaping, if there are such: ', then ", then `.
static char quote_for(Value value)
{
    if (!memchr(value.text, '\'', value.size))
        return '\'';
    if (!memchr(value.text, '"', value.size))
        return '"';
    if (!memchr(value.text, '`', value.size) && !has_placeholder(value))
        return '`';
    return '\'';
}

static void add_escaped(Text *text, unsigned char c)
{
    static const char *const short_forms[] = {
        ['\b'] = "\\b", ['\t'] = "\\t", ['\n'] = "\\n",
        ['\f'] = "\\f", ['\r'] = "\\r",
    };
    if (c < sizeof short_forms / sizeof *short_forms && short_forms[c])
        text_add(text, "%s", short_forms[c]);
    else if (c < ' ' || c == 0x7f)
        text_add(text, "\\x%02X", c);
    else
        text_add_bytes(text, &c, 1);
}

static void add_quoted(Text *text, Value value)
{
    char quote = quote_for(value);
    text_add(text, "%c", quote);
    for (size_t i = 0; i < value.size; i++) {
        char c = value.text[i];
        if (c == quote || c == '\\')
            text_add(text, "\\%c", c);
        else
            add_escaped(text, (unsigned char)c);
    }
    text_add(text, "%c", quote);
}

enum { MOST_BYTES = 100 };  // that are shown, as in Node

static void add_bytes(Text *text, Value value)
{
    const unsigned char *bytes = value.bytes;
    text_add(text, "Uint8Array(%zu) [", value.size);
    size_t shown = value.size < MOST_BYTES ? value.size : MOST_BYTES;
    for (size_t i = 0; i < shown; i++)
        text_add(text, "%s %d", i > 0 ? "," : "", bytes[i]);
    if (value.size > shown)
        text_add(text, ", ... %zu more item%s", value.size - shown,
                 value.size > shown + 1 ? "s" : "");
    text_add(text, value.size > 0 ? " ]" : "]");
}

void value_add_to_text(Value value, Text *text)
{
    switch (value.type) {
    case VALUE_NONE:
        text_add(text, "undefined");
        break;
    case VALUE_NULL:
        text_add(text, "null");
        break;
    case VALUE_BOOL:
        text_add(text, value.boolean ? "true" : "false");
        break;
    case VALUE_INT:
        text_add(text, "%lld", value.integer);
        break;
    case VALUE_REAL:
        add_real(text, value.real);
        break;
    case VALUE_TEXT:
        add_quoted(text, value);
        break;
    case VALUE_BYTES:
        add_bytes(text, value);
        break;
    case VALUE_ERROR:
        text_add(text, "[%s]", value.text);
        break;
    }
}

void value_print(Value value, FILE *file)
{
    Text text = { 0 };
    value_add_to_text(value, &text);
    fwrite(text.at, 1, text.size, file);
    text_free(&text);
}
