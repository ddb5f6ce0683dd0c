// The promises of shared_map.h to signal handlers: the calls that are safe work
// whatever they interrupt, and the others work or end the process with a
// message. Nothing hangs.

#include "map_alone.h"
#include "shared_map.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

#include "kit.h"
#include "map/shared_map_internal.h"
#include "map_checks.h"
#include "test.h"

static SharedMap *map;
static volatile sig_atomic_t signals;

// Looks at the key, adds to it, and sets another one.
static void use_numbers(int signal_number)
{
    (void)signal_number;
    long long integer = -1;
    bool boolean = false;
    CHECK(shared_map_get_int(map, "n", &integer));
    CHECK_INT(integer, signals);
    CHECK_INT(shared_map_add(map, "n", 1, NULL), SHARED_MAP_OK);
    CHECK_INT(shared_map_compare_and_set(map, "n", value_int(integer + 1),
                                         value_int(integer + 1)),
              SHARED_MAP_OK);
    CHECK(shared_map_set_bool(map, "b", signals % 2));
    CHECK(shared_map_get_bool(map, "b", &boolean));
    CHECK_INT(boolean, signals % 2);
    CHECK(shared_map_set_real(map, "r", 0.5));
    CHECK(shared_map_set_null(map, "r"));
    CHECK_INT(shared_map_type(map, "r"), VALUE_NULL);
    CHECK(shared_map_has(map, "n"));
    signals++;
}

static void set_text(int signal_number)
{
    (void)signal_number;
    CHECK(shared_map_set_text(map, "text", "handled"));
}

static void prepare(void (*handler)(int))
{
    char key[20];
    map = shared_map_new();
    CHECK(shared_map_set_int(map, "n", 0));
    CHECK(shared_map_set_bool(map, "b", false));
    CHECK(shared_map_set_null(map, "r"));
    for (int i = 0; i < 300; i++) {
        snprintf(key, sizeof key, "key %d", i);
        CHECK(shared_map_set_int(map, key, i));
    }
    CHECK(sigaction(SIGALRM, &(struct sigaction){ .sa_handler = handler },
                    NULL) == 0);
}

// Every 50 microseconds, or as often as the system can.
static void start_storm(void)
{
    const struct timeval often = { .tv_usec = 50 };
    CHECK(setitimer(ITIMER_REAL, &(struct itimerval){ often, often }, NULL) ==
          0);
}

static void end_storm(void)
{
    CHECK(setitimer(ITIMER_REAL, &(struct itimerval){ .it_value = { 0 } },
                    NULL) == 0);
}

// Calls of all kinds: they move the map, freeze it, and have it to themselves.
static void make_calls(void)
{
    static char text[3000];
    memset(text, 't', (size_t)(signals % 2000 + 500));
    text[signals % 2000 + 500] = '\0';
    CHECK(shared_map_set_text(map, "text", text));
    CHECK(shared_map_set_int(map, "new", 1));
    CHECK(shared_map_delete(map, "new"));
    CHECK_INT(shared_map_add(map, "key 7", 1, NULL), SHARED_MAP_OK);
    MapEntries *entries = shared_map_entries(map);
    CHECK(entries->count >= 304);
    free(entries);
    text[signals % 500] = '\0';
}

TEST(numbers, "a handler sets numbers, whichever call it interrupts")
{
    prepare(use_numbers);
    Deadline end = deadline_in_ms(20 * 1000);
    start_storm();
    while (signals < test_rounds(5000) && deadline_remaining_ns(end) > 0)
        make_calls();
    end_storm();
    CHECK(signals > 100);
    CHECK_INT(int_at(map, "n"), signals);
    shared_map_free(&map);
}

// Signals come to this thread alone; the other one moves the map meanwhile.

static atomic_bool has_ended;

static void *make_calls_too(void *unused)
{
    while (!atomic_load(&has_ended)) {
        MapEntries *entries = shared_map_entries(map);
        free(entries);
        CHECK(shared_map_set_text(map, "other", "one"));
        CHECK(shared_map_set_text(map, "other", "another text"));
        CHECK(shared_map_delete(map, "other"));
    }
    return unused;
}

TEST(beside_others, "also while another thread moves and freezes the map")
{
    pthread_t thread;
    sigset_t alarm, before;
    prepare(use_numbers);
    Deadline end = deadline_in_ms(20 * 1000);
    CHECK(sigemptyset(&alarm) == 0 && sigaddset(&alarm, SIGALRM) == 0);
    CHECK(pthread_sigmask(SIG_BLOCK, &alarm, &before) == 0);
    CHECK(pthread_create(&thread, NULL, make_calls_too, NULL) == 0);
    CHECK(pthread_sigmask(SIG_SETMASK, &before, NULL) == 0);
    start_storm();
    while (signals < test_rounds(3000) && deadline_remaining_ns(end) > 0)
        make_calls();
    end_storm();
    atomic_store(&has_ended, true);
    CHECK(pthread_join(thread, NULL) == 0);
    CHECK(signals > 100);
    CHECK_INT(int_at(map, "n"), signals);
    shared_map_free(&map);
}

// Where the handler comes while the thread has the map to itself.

static void interrupt_a_call(void)
{
    lock_map_block(&map->block);
    raise(SIGALRM);
    block_unlock(&map->block);
}

static void interrupt_with_text(void)
{
    prepare(set_text);
    interrupt_a_call();
}

TEST(numbers_meanwhile, "a handler sets numbers while its thread has the map")
{
    prepare(use_numbers);
    interrupt_a_call();
    CHECK_INT(int_at(map, "n"), 1);
    shared_map_free(&map);
}

TEST(text, "a handler that needs the map then ends the process, and says so")
{
    CHECK_DIES(interrupt_with_text, "a signal handler made a call that waits");
}

TEST(text_otherwise, "and gets it at other times")
{
    prepare(set_text);
    raise(SIGALRM);
    check_value(map, "text", value_text("handled"));
    shared_map_free(&map);
}

static bool interrupt_itself(Value *value, void *context)
{
    (void)context;
    raise(SIGALRM);
    *value = value_int(1);
    return true;
}

static void interrupt_an_update(void)
{
    prepare(use_numbers);
    shared_map_update(map, "n", interrupt_itself, NULL);
}

TEST(update, "a handler that uses a map in its update ends the process")
{
    CHECK_DIES(interrupt_an_update, "its change called the same map");
}

static void count(int signal_number)
{
    (void)signal_number;
    signals++;
}

TEST(mask, "signals are as blocked after a call as before")
{
    sigset_t now;
    prepare(count);
    free(shared_map_entries(map));
    make_calls();
    CHECK(pthread_sigmask(SIG_BLOCK, NULL, &now) == 0);
    CHECK(!sigismember(&now, SIGALRM) && !sigismember(&now, SIGTERM));
    raise(SIGALRM);
    CHECK_INT(signals, 1);
    shared_map_free(&map);
}
