// The promises of die.h and text.h.

#undef NDEBUG
#define NDEBUG  // which must not make any difference

#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

#include "base/die.h"
#include "base/text.h"
#include "queue.h"
#include "test.h"
#include "worker_threads.h"

// The sanitizers end the process instead of returning NULL, unless told.
const char *__asan_default_options(void);
const char *__tsan_default_options(void);

const char *__asan_default_options(void)
{
    return "allocator_may_return_null=1";
}

const char *__tsan_default_options(void)
{
    return "allocator_may_return_null=1";
}

// The number, so that the compiler does not warn of what is meant to fail, not
// even when it sees all of the program.
static size_t unforeseen(size_t size)
{
    volatile size_t unseen = size;
    return unseen;
}

// Dying

static void die_of_words(void)
{
    die("%s-%d%%", "reason", 42);
}

TEST(reason, "the reason is formatted as by printf, on a line of its own")
{
    CHECK_DIES(die_of_words, "common: reason-42%\n");
}

static void die_of_many_words(void)
{
    char words[5000];
    memset(words, 'w', sizeof words);
    words[sizeof words - 1] = '\0';
    die("long %s", words);
}

TEST(long_reason, "a reason of any length is survived, cut, and ends its line")
{
    CHECK_DIES(die_of_many_words, "common: long wwwwwwww");
    CHECK_DIES(die_of_many_words, "wwwwwwwwwwwwwwwwwwwwwwww\n");
}

// The calls below stand on the lines that follow the numbers.
enum { LINE_OF_NEW = __LINE__ + 3 };
static void die_in_library(void)
{
    queue_new(SIZE_MAX, 2);
}

static void check_dies_at(void (*run)(void), int line, const char *words)
{
    char place[200];
    snprintf(place, sizeof place, "%s:%d: %s", __FILE__, line, words);
    CHECK_DIES(run, place);
}

TEST(place, "the place is that of the call into the library")
{
    check_dies_at(die_in_library, LINE_OF_NEW, "queue_new: ");
}

enum { LINE_OF_SECOND = __LINE__ + 5 };
static void die_in_second_call(void)
{
    Queue *queue = queue_new(1, 1);
    queue_free(&queue);
    queue_new(SIZE_MAX, 2);
}

static void run_library(WorkerContext *self)
{
    queue_free(&(Queue *){ queue_new(1, 1) });
    (void)self;
}

static void die_after_calls(void)
{
    Worker *worker = worker_start(run_library, NULL);
    worker_join(&worker);
    die("here");
}

enum { LINE_OF_NESTED = __LINE__ + 4 };
static void die_around_a_call(void)
{
    Queue *queue = queue_new(1, 1);
    queue_new(queue_capacity(queue) * SIZE_MAX, 2);
}

static void die_alone(WorkerContext *self)
{
    die("%s has called nothing", self->name);
}

static void die_in_thread(void)
{
    worker_join(&(Worker *){ worker_start(die_alone, NULL) });
}

TEST(last_place, "the place is that of the call that the same thread is in")
{
    check_dies_at(die_in_second_call, LINE_OF_SECOND, "queue_new: ");
    check_dies_at(die_around_a_call, LINE_OF_NESTED, "queue_new: ");
    CHECK_DIES(die_after_calls, "common: here\n");
    CHECK_DIES(die_in_thread, "common: die_alone has called nothing\n");
}

static void die_after_output(void)
{
    dup2(STDERR_FILENO, STDOUT_FILENO);  // to see which comes first
    setvbuf(stdout, NULL, _IOFBF, BUFSIZ);
    printf("a line\nand a half");
    die("the end");
}

TEST(flushed, "the reason goes out first, and then what was printed")
{
    CHECK_DIES(die_after_output, "common: the end\na line\nand a half");
}

static void end_well(void)
{
    _Exit(EXIT_SUCCESS);
}

static void die_with_handler(void)
{
    atexit(end_well);
    die("no time for that");
}

TEST(no_handlers, "who dies runs no atexit handlers")
{
    CHECK_DIES(die_with_handler, "no time for that");
}

// Calls that must succeed

static int calls;

static int count_call(int error)
{
    calls++;
    return error;
}

TEST(must_once, "a call that must succeed is made once, also with NDEBUG")
{
    must(count_call(0));
    CHECK_INT(calls, 1);
    if (calls == 1)  // and it is one statement
        must(count_call(0));
    else
        must(count_call(1));
    CHECK_INT(calls, 2);
}

static void fail_call(void)
{
    must(count_call(EAGAIN));
}

TEST(must_fails, "a call that fails is named with its error")
{
    char words[200];
    snprintf(words, sizeof words, "count_call(EAGAIN): %s\n", strerror(EAGAIN));
    CHECK_DIES(fail_call, words);
}

static void *name_interrupt(void *unused)
{
    CHECK_TEXT(error_text(EINTR), strerror(EINTR));
    return unused;
}

TEST(says_errors, "an error's text is as strerror's, and a thread's own")
{
    const char *text = error_text(EAGAIN);
    pthread_t thread;
    must(pthread_create(&thread, NULL, name_interrupt, NULL));
    must(pthread_join(thread, NULL));
    CHECK_TEXT(text, strerror(EAGAIN));
    CHECK(error_text(123456)[0] != '\0');
}

// Reads the memory, so that the compiler cannot leave out its allocation.
static void show_and_free(void *memory)
{
    printf("%p\n", memory);
    free(memory);
}

static void malloc_too_much(void)
{
    show_and_free(must_malloc(unforeseen(SIZE_MAX / 2 + 1)));
}

static void calloc_too_much(void)
{
    show_and_free(must_calloc(1, unforeseen(SIZE_MAX / 2 + 1)));
}

static void calloc_too_many(void)
{
    // Their product is more than a size_t can hold: it would seem to be 16.
    show_and_free(must_calloc(unforeseen(SIZE_MAX / 16 + 2), 16));
}

static void realloc_too_much(void)
{
    show_and_free(must_realloc(NULL, unforeseen(SIZE_MAX / 2 + 1)));
}

TEST(no_memory, "who wants more memory than there is dies")
{
    CHECK_DIES(malloc_too_much, "out of memory: ");
    CHECK_DIES(calloc_too_much, "out of memory: ");
    CHECK_DIES(calloc_too_many, "out of memory: ");
    CHECK_DIES(realloc_too_much, "out of memory: ");
}

// No locale can print it.
static const wchar_t no_character[] = { 0x7fffffff, 0 };

static void add_no_character(void)
{
    Text text = { 0 };
    text_add(&text, "%ls", no_character);
}

static void post_no_character(void)
{
    Port *ours, *theirs;
    channel_open(&ours, &theirs);
    port_postf(ours, "%ls", no_character);
}

TEST(unprintable, "what printf cannot print dies, and says so")
{
    CHECK_DIES(add_no_character, "printf cannot format \"%ls\"");
    CHECK_DIES(post_no_character, "printf cannot format \"%ls\"");
}

TEST(memory, "memory is had as from malloc, calloc and realloc")
{
    free(must_malloc(0));
    free(must_calloc(0, 8));
    free(must_calloc(8, 0));
    free(must_realloc(NULL, 0));

    char *bytes = must_calloc(10, 100);
    for (int i = 0; i < 1000; i++)
        CHECK_INT(bytes[i], 0);
    memcpy(bytes, "kept", 5);
    bytes = must_realloc(bytes, 100000);
    CHECK_TEXT(bytes, "kept");
    free(bytes);
    bytes = must_malloc(1000);
    memset(bytes, 1, 1000);
    free(bytes);
}

// Text

TEST(text_grows, "a text grows as it is written")
{
    Text text = { 0 };
    text_add(&text, "%s %d", "one", 1);
    text_add(&text, "%s", "");
    text_add(&text, ", %c", 'x');
    CHECK_TEXT(text.at, "one 1, x");
    CHECK_INT(text.size, 8);
    text_free(&text);
}

TEST(text_bytes, "a text may hold any bytes, and ends with a NUL")
{
    Text text = { 0 };
    text_add_bytes(&text, NULL, 0);
    CHECK_INT(text.size, 0);
    text_add_bytes(&text, "a\0b", 3);
    text_add(&text, "%c|", '\0');
    text_add_bytes(&text, "c", 1);
    CHECK_INT(text.size, 6);
    CHECK(memcmp(text.at, "a\0b\0|c", 7) == 0);
    text_free(&text);
}

TEST(text_ends, "a text ends with a NUL, whatever was in its memory before")
{
    Text text = { 0 };
    text_add(&text, "xxxxxxxxxxxxxxxxxxxxxxx");
    text_free(&text);  // the next one probably gets the same memory
    text_add_bytes(&text, "twenty bytes of text", 20);
    CHECK_TEXT(text.at, "twenty bytes of text");
    text_free(&text);
}

TEST(text_long, "a text may become long without being copied every time")
{
    Text text = { 0 };
    size_t capacity = 0;
    int copies = 0;
    for (int i = 0; i < 20000; i++) {
        text_add(&text, "%05d", i);
        copies += text.capacity != capacity;
        capacity = text.capacity;
        CHECK(text.size < capacity);
    }
    CHECK_INT(text.size, 100000);
    CHECK_INT(strlen(text.at), 100000);
    CHECK(memcmp(text.at + 5 * 12345, "12345", 5) == 0);
    CHECK(copies < 100);
    text_free(&text);
}

TEST(text_freed, "a text that was freed is empty, and may be used again")
{
    Text text = { 0 };
    text_free(&text);
    text_add(&text, "old");
    text_free(&text);
    CHECK(text.at == NULL && text.size == 0 && text.capacity == 0);
    text_add(&text, "new");
    CHECK_TEXT(text.at, "new");
    text_free(&text);
}
