// The promises of channel.h about the text of messages: printf's, to the byte,
// wherever it happens to lie and however long it is.

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "base/die.h"
#include "channel.h"
#include "port_checks.h"
#include "test.h"
#include "worker_threads.h"

static void expect_message(Port *port, const char *text, size_t size)
{
    Message msg;
    CHECK(port_receive(port, &msg));
    CHECK_INT((long long)msg.size, (long long)size);
    CHECK(memcmp(msg.text, text, size + 1) == 0);
}

// "abc...xyzabc..." of that size; to be freed.
static char *alphabet(size_t size)
{
    char *text = must_malloc(size + 1);
    for (size_t i = 0; i < size; i++)
        text[i] = (char)('a' + i % 26);
    text[size] = '\0';
    return text;
}

TEST(plain_texts, "a text is posted as it is, whatever stands in it")
{
    static const char *const texts[] = { "",
                                         "a",
                                         "Hello!",
                                         "two\nlines\n",
                                         "a backslash \\ and \"quotes\"",
                                         "s",
                                         "100 per cent",
                                         "100%",
                                         "%s%n %d %%" };
    enum { TEXTS = sizeof texts / sizeof *texts };
    Port *port1, *port2;
    channel_open(&port1, &port2);
    for (int i = 0; i < TEXTS; i++)
        CHECK(port_post(port1, texts[i]));
    for (int i = 0; i < TEXTS; i++)
        expect_message(port2, texts[i], strlen(texts[i]));
    close_both(port1, port2);
}

TEST(percent, "%% is one %, alone and among other text")
{
    Port *port1, *port2;
    channel_open(&port1, &port2);
    CHECK(port_postf(port1, "%%"));
    CHECK(port_postf(port1, "%%s"));
    CHECK(port_postf(port1, "%d%%", 50));
    CHECK(port_postf(port1, "%s", "%d %s %%"));
    expect_message(port2, "%", 1);
    expect_message(port2, "%s", 2);
    expect_message(port2, "50%", 3);
    expect_message(port2, "%d %s %%", 8);
    close_both(port1, port2);
}

// As glibc and BSD's have it; C says nothing about it.
TEST(no_text, "a missing text is posted as one that says so")
{
    const char *missing = getenv("a variable that nobody sets");
    Port *port1, *port2;
    channel_open(&port1, &port2);
    CHECK(port_postf(port1, "%s", missing));
    expect_message(port2, "(null)", 6);
    close_both(port1, port2);
}

TEST(like_printf, "a formatted text is what printf makes of it")
{
    Port *port1, *port2;
    channel_open(&port1, &port2);
    CHECK(port_postf(port1, "%s", ""));
    CHECK(port_postf(port1, "%s%s", "one", "two"));
    CHECK(port_postf(port1, "%s ", "s"));
    CHECK(port_postf(port1, "%.3s|%-4d|%04x|%c", "abcdef", 7, 0xab, 'z'));
    CHECK(port_postf(port1, "%.2f %lld %zu", 1.5, -1LL, (size_t)3));
    CHECK(port_postf(port1, "a%cb", 0));
    expect_message(port2, "", 0);
    expect_message(port2, "onetwo", 6);
    expect_message(port2, "s ", 2);
    expect_message(port2, "abc|7   |00ab|z", 15);
    expect_message(port2, "1.50 -1 3", 9);
    expect_message(port2, "a\0b", 3);
    close_both(port1, port2);
}

// One text behind another one, in every way that a text can be posted. The
// space that is left in a segment depends on the size of the first text.
static void post_behind(size_t first, size_t second)
{
    char *filler = alphabet(first);
    char *text = alphabet(second);
    for (int way = 0; way < 3; way++) {
        Port *port1, *port2;
        channel_open(&port1, &port2);
        CHECK(port_post_bytes(port1, filler, first));
        if (way == 0)
            CHECK(port_postf(port1, "%s", text));
        if (way == 1)
            CHECK(port_postf(port1, "%.*s", (int)second, text));
        if (way == 2)
            CHECK(port_post(port1, text));
        CHECK(port_postf(port1, "%d", 7));
        expect_message(port2, filler, first);
        expect_message(port2, text, second);
        expect_message(port2, "7", 1);
        close_both(port1, port2);
    }
    free(filler);
    free(text);
}

TEST(fills_the_first_room, "a text arrives whole, with any room in front of it")
{
    for (size_t first = 0; first < 300; first++)
        for (size_t second = 0; second < 40; second++)
            post_behind(first, second);
}

TEST(fills_the_room, "a text may fill what is left, to the byte")
{
    for (size_t first = 3900; first < 4200; first += 8)
        for (size_t second = 0; second < 300; second++)
            post_behind(first, second);
}

static void post_port_behind(size_t first, size_t second)
{
    Port *port1, *port2, *traveller, *friend;
    channel_open(&port1, &port2);
    channel_open(&traveller, &friend);
    char *filler = alphabet(first);
    char *text = alphabet(second);
    CHECK(port_post_bytes(port1, filler, first));
    CHECK(port_post_port(port1, &traveller, text));
    CHECK(port_post_bytes(port1, text, second));
    expect_message(port2, filler, first);
    Message msg;
    CHECK(port_receive(port2, &msg));
    CHECK_TEXT(msg.text, text);
    post_number(msg.port, 1);
    expect_number(friend, 1);
    port_close(&msg.port);
    expect_message(port2, text, second);
    free(filler);
    free(text);
    close_both(friend, port1);
    port_close(&port2);
}

TEST(port_fills_the_room, "so may a text with a port")
{
    for (size_t first = 100; first < 260; first++)
        for (size_t second = 0; second < 20; second++)
            post_port_behind(first, second);
    for (size_t first = 3900; first < 4100; first += 8)
        for (size_t second = 0; second < 20; second++)
            post_port_behind(first, second);
    for (size_t second = 0; second < 4200; second++)
        post_port_behind(0, second);
}

TEST(texts_in_a_row, "texts of all sizes arrive, all on their way")
{
    Port *port1, *port2;
    channel_open(&port1, &port2);
    for (int size = 0; size < 2000; size++) {
        CHECK(port_postf(port1, "%0*d", size + 1, size % 10));
        CHECK(port_postf(port1, "%s", "between"));
    }
    for (int size = 0; size < 2000; size++) {
        Message msg;
        CHECK(port_receive(port2, &msg));
        CHECK_INT((long long)msg.size, size + 1);
        CHECK_INT((long long)strspn(msg.text, "0123456789"), size + 1);
        CHECK_INT(msg.text[size], '0' + size % 10);
        expect_text(port2, "between");
    }
    close_both(port1, port2);
}

TEST(long_texts, "a text of megabytes arrives whole, however it is posted")
{
    size_t size = 3 << 20;
    char *text = alphabet(size);
    Port *port1, *port2;
    channel_open(&port1, &port2);
    CHECK(port_postf(port1, "%s", text));
    CHECK(port_post(port1, text));
    CHECK(port_postf(port1, "%.*s", (int)size, text));
    CHECK(port_postf(port1, "%d", 7));
    for (int i = 0; i < 3; i++)
        expect_message(port2, text, size);
    expect_number(port2, 7);
    close_both(port1, port2);
    free(text);
}

TEST(out_of_a_message, "what a message says can be posted on, and back")
{
    Port *port1, *port2, *port3, *port4;
    channel_open(&port1, &port2);
    channel_open(&port3, &port4);
    CHECK(port_post(port1, "0"));
    for (int i = 0; i < 300; i++) {
        Message msg, copy;
        CHECK(port_receive(port2, &msg));
        CHECK_INT((long long)msg.size, 1 + 2 * i);
        CHECK(port_postf(port3, "%s", msg.text));
        CHECK(port_postf(port2, "%s%s", msg.text, "back"));
        CHECK(port_receive(port4, &copy));
        CHECK(port_postf(port1, "<%s>", copy.text));
        CHECK_TEXT(msg.text, copy.text);
    }
    close_both(port1, port2);
    close_both(port3, port4);
}

TEST(refused_texts, "texts to a closed end are refused, each time")
{
    Port *port1, *port2;
    channel_open(&port1, &port2);
    CHECK(port_post(port2, "last words"));
    port_close(&port2);
    char *text = alphabet(10000);
    for (int i = 0; i < 100; i++) {
        CHECK(!port_postf(port1, "%d", i));
        CHECK(!port_post(port1, "plain"));
        CHECK(!port_postf(port1, "%s", text));
        CHECK(!port_postf(port1, "%s %d", text, i));
    }
    expect_text(port1, "last words");
    expect_end(port1);
    free(text);
    port_close(&port1);
}

static void post_what_is_no_text(void)
{
    const wchar_t no_character[] = { 0x7fffffff, 0 };
    Port *port1, *port2;
    channel_open(&port1, &port2);
    port_postf(port1, "%ls", no_character);
}

TEST(cannot_be_formatted,
     "what printf cannot format ends the process, with a reason")
{
    char words[100];
    snprintf(words, sizeof words, "printf cannot format \"%%ls\": %s",
             strerror(EILSEQ));
    CHECK_DIES(post_what_is_no_text, words);
}
