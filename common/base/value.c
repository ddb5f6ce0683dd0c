// Values: when two are equal, and how a value is printed, as Node's console.log
// prints it. A real has the shortest digits that read back as the same number;
// they are found by trying 1, 2, 3 ... digits of printf's, so no algorithm of
// its own (Grisu, Ryu) is needed.
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
    default:  // memcmp must not see NULL, also for no bytes
        return value_has_bytes(a) && a.size == b.size &&
               (a.size == 0 || memcmp(a.bytes, b.bytes, a.size) == 0);
    }
}

// A number as its decimal digits: 0.DIGITS times ten to the power of point.
typedef struct Decimal {
    char digits[20];  // ends with a NUL
    int count, point;
} Decimal;

// The shortest digits that read back as the same number. Only digits are taken
// from printf: its decimal point depends on the locale.
static Decimal shortest(double real)
{
    char printed[40];
    bool same = false;
    for (int digits = 0; !same && digits <= 17; digits++) {
        snprintf(printed, sizeof printed, "%.*e", digits, real);
        same = strtod(printed, NULL) == real;
        // Above a power of two the numbers lie further apart than below it. So
        // the next decimal may do, although printf found another one nearer.
        char *last = strchr(printed, 'e') - 1;
        if (!same && *last != '9') {
            ++*last;
            same = strtod(printed, NULL) == real;
        }
    }

    // From d.ddde+XX the digits, and the power of ten of the first one.
    Decimal decimal = { .count = 0 };
    char *c = printed;
    for (; *c != 'e'; c++)
        if (isdigit((unsigned char)*c))
            decimal.digits[decimal.count++] = *c;
    decimal.point = atoi(c + 1) + 1;
    return decimal;
}

// JavaScript writes out all numbers between 1e-7 and 1e21.
static void add_real(Text *text, double real)
{
    static const char zeros[] = "000000000000000000000";
    text_add(text, signbit(real) && !isnan(real) ? "-" : "");
    if (!isfinite(real)) {
        text_add(text, isnan(real) ? "NaN" : "Infinity");
        return;
    }
    Decimal d = shortest(fabs(real));
    if (d.point > 21 || d.point < -5)
        text_add(text, "%c%s%se%+d", d.digits[0], d.count > 1 ? "." : "",
                 d.digits + 1, d.point - 1);
    else if (d.point <= 0)
        text_add(text, "0.%.*s%s", -d.point, zeros, d.digits);
    else if (d.point >= d.count)
        text_add(text, "%s%.*s", d.digits, d.point - d.count, zeros);
    else
        text_add(text, "%.*s.%s", d.point, d.digits, d.digits + d.point);
}

// The quotes that need no escaping, if there are such: ', then ", then `.
// Between backticks JavaScript would replace ${...}.
static char quote_for(Value value)
{
    bool replaced = false;
    for (size_t i = 1; i < value.size; i++)
        replaced |= value.text[i - 1] == '$' && value.text[i] == '{';
    if (!memchr(value.text, '\'', value.size))
        return '\'';
    if (!memchr(value.text, '"', value.size))
        return '"';
    return replaced || memchr(value.text, '`', value.size) ? '\'' : '`';
}

enum { REPLACEMENT = 0xfffd };  // U+FFFD

// Decodes the character of UTF-8 that begins here, also a surrogate, and stores
// its code. Returns how many bytes it takes. Bytes that are none are one
// REPLACEMENT as far as they could have become one.
static size_t decode(const unsigned char *at, size_t size, uint32_t *code)
{
    // By the lead byte's lowest value: the bytes, and which second ones are
    // not the long form of another character, nor above U+10FFFF.
    static const struct Lead {
        unsigned char first, bytes, least, most;
    } leads[] = {
        { 0xf5, 0, 0, 0 },       { 0xf4, 4, 0x80, 0x8f },
        { 0xf1, 4, 0x80, 0xbf }, { 0xf0, 4, 0x90, 0xbf },
        { 0xe1, 3, 0x80, 0xbf }, { 0xe0, 3, 0xa0, 0xbf },
        { 0xc2, 2, 0x80, 0xbf }, { 0x80, 0, 0, 0 },
        { 0x00, 1, 0, 0 },
    };
    const struct Lead *lead = leads;
    while (at[0] < lead->first)
        lead++;
    *code = lead->bytes > 1 ? at[0] & (0x7fU >> lead->bytes) : at[0];
    if (lead->bytes == 0)
        *code = REPLACEMENT;
    for (size_t i = 1; i < lead->bytes; i++) {
        unsigned char least = i == 1 ? lead->least : 0x80;
        unsigned char most = i == 1 ? lead->most : 0xbf;
        if (i == size || at[i] < least || at[i] > most) {
            *code = REPLACEMENT;
            return i;
        }
        *code = *code << 6 | (at[i] & 0x3fU);
    }
    return lead->bytes > 0 ? lead->bytes : 1;
}

// Control characters (C0, DEL and C1) and surrogates are escaped, and bytes
// that are no UTF-8 replaced: some of them would control a terminal, too.
static void add_quoted(Text *text, Value value)
{
    const unsigned char quote = (unsigned char)quote_for(value);
    text_add(text, "%c", quote);
    for (size_t i = 0, size; i < value.size; i += size) {
        uint32_t c;
        const unsigned char *at = (const unsigned char *)value.text + i;
        size = decode(at, value.size - i, &c);
        if (c == quote || c == '\\')
            text_add(text, "\\%c", (int)c);
        else if (c >= '\b' && c <= '\r' && c != '\v')
            text_add(text, "\\%c", "btnvfr"[c - '\b']);
        else if (c < ' ' || (c >= 0x7f && c <= 0x9f))
            text_add(text, "\\x%02X", (unsigned)c);
        else if (c >= 0xd800 && c <= 0xdfff)
            text_add(text, "\\u%04x", (unsigned)c);
        else if (c == REPLACEMENT)
            text_add(text, "\xef\xbf\xbd");
        else
            text_add_bytes(text, at, size);
    }
    text_add(text, "%c", quote);
}

static void add_bytes(Text *text, Value value)
{
    enum { MOST_BYTES = 100 };  // that are shown, as in Node
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
