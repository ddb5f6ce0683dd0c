// explore PROGRAM.so [OPTION...]: a stateless model checker for programs with
// threads. It runs the program under many schedules (README.md).
//
// This file sees all rooms. It registers the few functions that a lower room
// calls in a higher one, so that no room includes one above it.

#define _GNU_SOURCE
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/personality.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/finding.h"
#include "base/give_up.h"
#include "model/memory.h"
#include "model/program.h"
#include "model/shadow.h"
#include "report/crash.h"
#include "report/drawing.h"
#include "report/output.h"
#include "report/report.h"
#include "report/run.h"
#include "report/source_lines.h"
#include "report/symbols.h"
#include "schedule/point.h"
#include "schedule/search.h"
#include "wrap/wrap.h"

static Search the_search = { .run = run,
                             .contention_grew = shadow_contention_grew,
                             .bound = 2,
                             .seconds = 5,
                             .first_seed = 1 };
static const char *seed, *schedule;
static bool one_output, brief;

static const struct option options[] = {
    { "bound", required_argument, NULL, 'b' },
    { "seconds", required_argument, NULL, 't' },
    { "schedules", required_argument, NULL, 'n' },
    { "first-seed", required_argument, NULL, 'f' },
    { "seed", required_argument, NULL, 's' },
    { "schedule", required_argument, NULL, 'l' },
    { "plain", no_argument, NULL, 'p' },
    { "go-on", no_argument, NULL, 'g' },
    { "one-output", no_argument, NULL, 'o' },
    { "stop", no_argument, NULL, 'x' },
    { "brief", no_argument, NULL, 'q' },
    { NULL, 0, NULL, 0 },
};

static bool set_option(int option, const char *value)
{
    switch (option) {
    case 'b':
        the_search.bound = atoi(value);
        return true;
    case 't':
        the_search.seconds = atof(value);
        return true;
    case 'n':
        the_search.schedules = strtoul(value, NULL, 10);
        return true;
    case 'f':
        the_search.first_seed = strtoull(value, NULL, 10);
        return true;
    case 's':
        seed = value;
        return true;
    case 'l':
        schedule = value;
        return true;
    case 'p':
        plain_points = true;
        return true;
    case 'g':
        race_goes_on = true;
        return true;
    case 'o':
        one_output = true;
        return true;
    case 'x':
        the_search.stop_at_finding = true;
        return true;
    case 'q':
        brief = true;
        return true;
    default:
        return false;
    }
}

// Address space layout randomization would make a run unrepeatable: a program
// may lock in the order of addresses, or hash them, and then a seed would not
// mean the same schedule. So the tool executes itself again without it.
static void fix_addresses(char **arguments)
{
    int before = personality(0xffffffff);
    if (before == -1 || (before & ADDR_NO_RANDOMIZE) != 0)
        return;
    if (personality((unsigned long)before | ADDR_NO_RANDOMIZE) != -1)
        execv("/proc/self/exe", arguments);
}

// A loop without a scheduling point never comes back to the scheduler. A timer
// signal each second compares the number of runs: after ten seconds in the same
// run the tool gives up. The handler runs on a stack of its own (crash.c),
// because the fiber's may be full.
static void on_time(int signal)
{
    static unsigned long before = 1;
    static int same;
    (void)signal;
    unsigned long runs = the_search.every + the_search.random + the_search.pct;
    same = runs == before ? same + 1 : 0;
    before = runs;
    if (same >= 10)
        give_up(
            "A run of the program has not ended for 10 seconds: it computes "
            "without a call or an atomic operation.");
}

static void watch(int every_seconds)
{
    struct sigaction action = { .sa_handler = on_time,
                                .sa_flags = SA_ONSTACK | SA_RESTART };
    sigaction(SIGALRM, &action, NULL);
    struct itimerval timer = { .it_interval.tv_sec = every_seconds,
                               .it_value.tv_sec = every_seconds };
    setitimer(ITIMER_REAL, &timer, NULL);
}

// The order matters: the program's constructors run in program_load and may
// allocate, so memory_init comes first. Lines and symbols need the address that
// program_load returns.
static void prepare(const char *file)
{
    finding_init((FindingHooks){ thread_place_here, drawing_died, run_over });
    memory_init();
    const void *base = program_load(file);
    program_calls_at_end(drawing_exit);
    // Shells call addr2line and nm with this name, which may have any sign.
    setenv("EXPLORED", file, 1);
    source_lines_init(base);
    symbols_init(base);
    output_init();
    crash_catch();
}

int main(int argc, char **argv)
{
    fix_addresses(argv);
    for (int option;
         (option = getopt_long(argc, argv, "", options, NULL)) != -1;)
        if (!set_option(option, optarg))
            return 2;
    if (optind + 1 != argc) {
        fputs("usage: explore PROGRAM.so [OPTION...]\n", stderr);
        return 2;
    }
    prepare(argv[optind]);
    if (seed != NULL) {
        replay_seed(strtoull(seed, NULL, 10), brief);
    } else if (schedule != NULL) {
        if (!replay_schedule(schedule, brief))
            give_up("\"%s\" is not a schedule. One looks like 31.1,87.2, and a "
                    "search prints it.",
                    schedule);
    } else {
        watch(1);
        search(&the_search);
        watch(0);
        return report_search(&the_search, one_output, brief);
    }
    fflush(report);
    return 0;
}
