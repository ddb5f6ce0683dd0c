// The main of every driver: parses the cell's name, measures it, and prints
// nanoseconds an operation. Threads of a cell begin together, at a gate, so
// that none of them runs alone while the others are still being started.

#include "bench.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { EXIT_WRONG = 1, EXIT_NO_SUCH_CELL = 77 };

static const long long warm_up_part = 200;    // of the count
static const double measured_ns = 200 * 1e6;  // as long as it should take

// The threads of one bench_threads, and the gate at which they wait.
typedef struct Team {
    void (*body)(void *context, int index);
    void *context;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    int arrived;  // guarded by lock
    bool open;    // guarded by lock
} Team;

typedef struct Member {
    Team *team;
    int index;
    pthread_t thread;
} Member;

long long bench_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000000LL + now.tv_nsec;
}

void bench_check(bool right, const char *format, ...)
{
    if (right)
        return;
    va_list args;
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
    exit(EXIT_WRONG);
}

static void wait_at_gate(Team *team)
{
    pthread_mutex_lock(&team->lock);
    team->arrived++;
    pthread_cond_broadcast(&team->changed);
    while (!team->open)
        pthread_cond_wait(&team->changed, &team->lock);
    pthread_mutex_unlock(&team->lock);
}

static void *member_main(void *argument)
{
    Member *member = (Member *)argument;
    wait_at_gate(member->team);
    member->team->body(member->team->context, member->index);
    return NULL;
}

static long long open_gate(Team *team, int threads)
{
    pthread_mutex_lock(&team->lock);
    while (team->arrived < threads)
        pthread_cond_wait(&team->changed, &team->lock);
    team->open = true;
    long long start = bench_now();
    pthread_cond_broadcast(&team->changed);
    pthread_mutex_unlock(&team->lock);
    return start;
}

long long bench_threads(int threads, void (*body)(void *context, int index),
                        void *context)
{
    Team team = { .body = body, .context = context };
    pthread_mutex_init(&team.lock, NULL);
    pthread_cond_init(&team.changed, NULL);
    Member *members = (Member *)calloc((size_t)threads, sizeof *members);

    for (int i = 0; i < threads; i++) {
        members[i].team = &team;
        members[i].index = i;
        int error = pthread_create(&members[i].thread, NULL, member_main,
                                   &members[i]);
        bench_check(error == 0, "pthread_create: %s", strerror(error));
    }
    long long start = open_gate(&team, threads);
    for (int i = 0; i < threads; i++)
        pthread_join(members[i].thread, NULL);
    long long end = bench_now();

    free(members);
    pthread_cond_destroy(&team.changed);
    pthread_mutex_destroy(&team.lock);
    return end - start;
}

static void print_names(const Cell *const tables[])
{
    for (int t = 0; tables[t] != NULL; t++)
        for (const Cell *cell = tables[t]; cell->name != NULL; cell++)
            puts(cell->name);
}

static const Cell *find(const Cell *const tables[], const char *name)
{
    for (int t = 0; tables[t] != NULL; t++)
        for (const Cell *cell = tables[t]; cell->name != NULL; cell++)
            if (strcmp(cell->name, name) == 0)
                return cell;
    return NULL;
}

// The short run that comes first touches the memory and starts the threads.
static double warm_up_and_run(const Cell *cell)
{
    Cell measured = *cell;
    if (cell->count > 0) {
        long long least = (cell->count + warm_up_part - 1) / warm_up_part;
        measured.count = least;
        double enough = measured_ns / measured.run(&measured);
        if (enough > (double)least)
            measured.count = enough < (double)cell->count
                                 ? (long long)enough
                                 : cell->count;
    }
    return measured.run(&measured);
}

static void *do_nothing(void *argument)
{
    return argument;
}

// Shared data is used in programs with several threads. In a process that
// never had a second one, some C libraries lock a mutex without an atomic
// operation.
static void have_been_many(void)
{
    pthread_t thread;
    int error = pthread_create(&thread, NULL, do_nothing, NULL);
    bench_check(error == 0, "pthread_create: %s", strerror(error));
    pthread_join(thread, NULL);
}

int bench_main(int argc, char **argv, const Cell *const tables[])
{
    if (argc != 2) {
        fprintf(stderr, "usage: %s CELL | --cells\n", argv[0]);
        return EXIT_NO_SUCH_CELL;
    }
    if (strcmp(argv[1], "--cells") == 0) {
        print_names(tables);
        return EXIT_SUCCESS;
    }
    const Cell *cell = find(tables, argv[1]);
    if (cell == NULL)
        return EXIT_NO_SUCH_CELL;
    have_been_many();
    printf("%.2f\n", warm_up_and_run(cell));
    return EXIT_SUCCESS;
}
