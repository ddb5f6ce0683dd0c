// The promises of worker_threads.h about workers of workers, about many at a
// time or one after the other, and about what they print.

#include "worker_threads.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "port_checks.h"
#include "test.h"

static void pass_on_all(Port *from, Port *to)
{
    Message msg;
    while (port_receive(from, &msg))
        CHECK(port_post_bytes(to, msg.data, msg.size));
}

// The first number that comes is prime. Numbers that it does not divide go on
// to a worker of our own, and the primes of that worker come back through us. 0
// is the end.
static void sieve(WorkerContext *self)
{
    Message msg;
    CHECK(port_receive(self->parent_port, &msg));
    int prime = atoi(msg.text);
    if (prime == 0)
        return;
    CHECK(port_postf(self->parent_port, "%d", prime));

    Worker *next = worker_start(sieve, NULL);
    int number;
    do {
        CHECK(port_receive(self->parent_port, &msg));
        number = atoi(msg.text);
        if (number == 0 || number % prime != 0)
            post_number(next->port, number);
    } while (number != 0);
    pass_on_all(next->port, self->parent_port);
    CHECK_INT(worker_join(&next), 0);
}

TEST(nested,
     "a chain of workers, each started by the one before, sieves primes")
{
    static const int primes[] = { 2,  3,  5,  7,  11, 13, 17, 19, 23,
                                  29, 31, 37, 41, 43, 47, 53, 59, 61,
                                  67, 71, 73, 79, 83, 89, 97 };
    Worker *worker = worker_start(sieve, NULL);
    for (int number = 2; number < 100; number++)
        post_number(worker->port, number);
    post_number(worker->port, 0);
    for (int i = 0; i < 25; i++)
        expect_number(worker->port, primes[i]);
    expect_end(worker->port);
    CHECK_INT(worker_join(&worker), 0);
}

enum { WORKERS = 23, ITEMS = 271828 / 2 };  // there and back

// Sends every number back, until one is 0.
static void send_back(WorkerContext *self)
{
    Message msg;
    CHECK(port_receive(self->parent_port, &msg));
    for (int number; (number = *(const int *)msg.data) != 0;) {
        CHECK(port_post_bytes(self->parent_port, &number, sizeof number));
        CHECK(port_receive(self->parent_port, &msg));
    }
}

static void deal_out(Worker *workers[], int number)
{
    Port *port = workers[number % WORKERS]->port;
    CHECK(port_post_bytes(port, &number, sizeof number));
}

TEST(crowd, "23 workers answer, and none of 271828 messages is lost")
{
    Worker *workers[WORKERS];
    Port *ports[WORKERS];
    for (int i = 0; i < WORKERS; i++) {
        workers[i] = worker_start(send_back, NULL);
        ports[i] = workers[i]->port;
    }
    for (int number = 1; number <= ITEMS; number++)
        deal_out(workers, number);
    for (int i = 0; i < WORKERS; i++)
        CHECK(port_post_bytes(ports[i], &(int){ 0 }, sizeof(int)));

    Message msg;
    long long count = 0, sum = 0;
    for (; port_select(ports, WORKERS, &msg) != NULL; count++)
        sum += *(const int *)msg.data;
    CHECK_INT(count, ITEMS);
    CHECK_INT(sum, ITEMS * (ITEMS + 1LL) / 2);
    for (int i = 0; i < WORKERS; i++)
        CHECK_INT(worker_join(&workers[i]), 0);
}

static void add_one(WorkerContext *self)
{
    Message msg;
    CHECK(port_receive(self->parent_port, &msg));
    post_number(self->parent_port, atoi(msg.text) + 1);
}

TEST(in_turn, "1000 workers one after the other leave nothing behind")
{
    for (int i = 0; i < 1000; i++) {
        Worker *worker = worker_start(add_one, NULL);
        post_number(worker->port, i);
        expect_number(worker->port, i + 1);
        CHECK_INT(worker_join(&worker), 0);
    }
}

TEST(at_once, "100 workers live at once")
{
    Worker *workers[100];
    for (int i = 0; i < 100; i++)
        workers[i] = worker_start(add_one, NULL);
    for (int i = 0; i < 100; i++)
        post_number(workers[i]->port, i);
    for (int i = 0; i < 100; i++)
        expect_number(workers[i]->port, i + 1);
    for (int i = 0; i < 100; i++)
        CHECK_INT(worker_join(&workers[i]), 0);
}

enum { PRINTERS = 8, LINES = 200 };

static const char rest_of_line[] =
    "the quick brown fox jumps over the lazy dog, and back again, and again";

static void print_lines(WorkerContext *self)
{
    for (int i = 0; i < LINES; i++)
        printf("%s %d %s\n", self->name, i, rest_of_line);
}

static void print_from_all(void)
{
    Worker *workers[PRINTERS];
    for (int i = 0; i < PRINTERS; i++) {
        char name[20];
        snprintf(name, sizeof name, "printer%d", i);
        workers[i] = worker_start_named(name, print_lines, NULL);
    }
    for (int i = 0; i < PRINTERS; i++)
        worker_join(&workers[i]);
}

// Checks that the line is whole, and the next of those of its printer.
static void check_line(const char *line, int next[])
{
    int printer = -1, number = -1;
    CHECK_INT(sscanf(line, "printer%d %d ", &printer, &number), 2);
    CHECK(printer >= 0 && printer < PRINTERS);
    CHECK_INT(number, next[printer]++);
    char whole[200];
    snprintf(whole, sizeof whole, "printer%d %d %s\n", printer, number,
             rest_of_line);
    CHECK_TEXT(line, whole);
}

TEST(lines_whole, "the lines that 8 workers print into a pipe are whole")
{
    int ends[2];
    CHECK_INT(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], STDOUT_FILENO);
        print_from_all();
        _Exit(0);  // flushes nothing: what was printed is in the pipe already
    }
    close(ends[1]);
    FILE *printed = fdopen(ends[0], "r");
    CHECK(printed != NULL);
    int next[PRINTERS] = { 0 };
    char line[200];
    while (fgets(line, sizeof line, printed))
        check_line(line, next);
    for (int i = 0; i < PRINTERS; i++)
        CHECK_INT(next[i], LINES);
    fclose(printed);
    CHECK(waitpid(child, NULL, 0) == child);
}

static void print_and_stay(WorkerContext *self)
{
    printf("printed by %s\n", self->name);
    CHECK(port_post(self->parent_port, "look now"));
    expect_end(self->parent_port);
}

TEST(lines_at_once, "a line is in the pipe while the worker still runs")
{
    int ends[2];
    CHECK_INT(pipe(ends), 0);
    CHECK(dup2(ends[1], STDOUT_FILENO) >= 0);
    CHECK(fcntl(ends[0], F_SETFL, O_NONBLOCK) == 0);
    Worker *worker = worker_start(print_and_stay, NULL);
    expect_text(worker->port, "look now");
    char line[100];
    ssize_t size = read(ends[0], line, sizeof line - 1);
    CHECK(size >= 0);
    line[size] = '\0';
    CHECK_TEXT(line, "printed by print_and_stay\n");
    worker_join(&worker);
}
