#!/usr/bin/env python3
"""Differential testing: random small programs must have the same results on the
plain library (plain/) and on the fast one (common/).

usage: differential.py [KIND[:SEED]...]      kinds: queue future pool map

A program has two or three threads with a few calls each, made from a seed.
Explore runs the program on both libraries. A result is the output of a
schedule, or the kind of a finding: "deadlock", "data race", "use after free"
and others. The results of all schedules are a set, and the sets must be equal.

A search that runs out of time may miss a result. So where the sets differ, the
side that lacks a result is searched again, with more preemptions each time,
before the program counts as failed. Then its source stays in FOLDER.

A select of the plain library looks at all cases in one step. A select of the
fast library tries its cases one after the other, as queue.h says. So the fast
select must have all results of the plain select, and no result that a loop over
the cases cannot have.

Environment: PROGRAMS (20, of each kind), FIRST_SEED (1), SECONDS (1, for each
search), JOBS (2, at a time), CC (cc). BUG is a file as those of bugs/: the
fast library gets this bug, and programs that meet it fail.
"""

import os
import pathlib
import random
import re
import shutil
import subprocess
import sys
import time

import bugs
import scenarios

PROGRAMS = int(os.environ.get("PROGRAMS", 20))
FIRST_SEED = int(os.environ.get("FIRST_SEED", 1))
SECONDS = float(os.environ.get("SECONDS", 1))
BUG = os.environ.get("BUG", "")
FOLDER = scenarios.BUILD / "differential"

# How often a seed may make another program: most have one result only, or too
# many, and then the comparison says little.
ATTEMPTS = 10

# At most so many preemptions in the first search; and in the further ones, with
# the time that each may take, in SECONDS.
BOUND = 2
FURTHER = ((2, 8), (3, 20), (4, 60))

HEAD = """\
#include <stdarg.h>

#include "check.h"
#include "queue.h"
#include "pool.h"
#include "shared_map.h"

static long results[4][8];  // of each thread's calls
"""

# The kinds of programs. Each function returns four things: helper functions in C;
# a function that makes a call, an expression with all its results in one number;
# the lines of main before the threads start; and those after they have ended.


def queue_program(rng):
    count = rng.choice((1, 1, 2))
    value = iter(range(1, 100))

    def call():
        q = f"queues[{rng.randrange(count)}]"
        item = f"&(int){{ {next(value)} }}"
        # No deadlines: a time-out while other threads could go on costs explore
        # a preemption, and the fast queue needs more of them than the plain one.
        kind = rng.choice(("send", "send", "try_send", "receive", "receive",
                           "try_receive", "close", "size", "select"))
        return {
            "send": f"queue_send({q}, {item})",
            "try_send": f"queue_send_until({q}, {item}, DEADLINE_NOW)",
            "receive": f"received({q}, DEADLINE_NEVER)",
            "try_receive": f"received({q}, DEADLINE_NOW)",
            "close": f"queue_close({q})",
            "size": f"(long)queue_size({q})",
            "select": f"selected({item})",
        }[kind]

    capacities = [rng.choice((0, 1, 1, 2)) for _ in range(count)]
    item_size = "sizeof(int)"
    setup = [f"queues[{i}] = queue_new({c}, {item_size});"
             for i, c in enumerate(capacities)]
    final = [f"while ((got = received(queues[{i}], DEADLINE_NOW)) % 10 == 0)\n"
             f'        printf(" %ld", got / 10);\n    queue_free(&queues[{i}]);'
             for i in range(count)]
    helpers = f"""
static Queue *queues[{count}];

// The item in tens, and the WaitResult.
static long received(Queue *queue, Deadline deadline)
{{
    int item = 0;
    WaitResult result = queue_receive_until(queue, &item, deadline);
    return item * 10L + result;
}}

// Receives from the first queue, or sends to the last one.
static inline long selected(const void *item)
{{
    int got = 0;
    size_t chosen = 9;
    Queue *last = queues[{count - 1}];
#ifdef ONE_BY_ONE
    chosen = 0;
    WaitResult result = queue_receive_until(queues[0], &got, DEADLINE_NOW);
    if (result == WAIT_TIMED_OUT) {{
        chosen = 1;
        result = queue_send_until(last, item, DEADLINE_NOW);
    }}
    if (result == WAIT_TIMED_OUT)
        chosen = 9;
#else
    QueueCase cases[] = {{ {{ queues[0], NULL, &got }}, {{ last, item, NULL }} }};
    WaitResult result = queue_select_until(cases, 2, &chosen, DEADLINE_NOW);
#endif
    return got * 100L + (long)chosen * 10 + result;
}}
"""
    return helpers, call, setup, ["long got;", *final]


def future_program(rng, pool):
    count = rng.choice((1, 2, 2))
    start = "pool_start(pool, " if pool else "future_start("
    tasks = ["returns", "fails"]

    def call():
        f = f"futures[{rng.randrange(count)}]"
        return rng.choice((
            f"number(future_await({f}))", f"number(future_await({f}))",
            f"future_cancel({f})", f"looked_at({f})", "any()", "all()"))

    setup = [f"futures[{i}] = {start}{rng.choice(tasks)}, &(int){{ {i + 1} }}, "
             "sizeof(int));" for i in range(count)]
    final = [f"future_join_all(futures, {count});"]
    if pool:
        setup.insert(0, f"pool = pool_new({rng.choice((1, 1, 2))});")
        final.insert(rng.randrange(2), "pool_join(&pool);")
    helpers = f"""
static Pool *pool;
static Future *futures[{count}];

static void returns(Task *self)
{{
    task_return(self, value_int(*(const int *)self->args));
}}

static void fails(Task *self)
{{
    task_return_error(self, "%d", *(const int *)self->args);
}}

static long number(Value value)
{{
    if (value.type == VALUE_ERROR)
        return value.text[0] == 'c' ? -9 : '0' - value.text[0];
    return value.type == VALUE_INT ? (long)value.integer : 99;
}}

static inline long looked_at(Future *future)
{{
    Value value = value_int(50);
    WaitResult result = future_await_until(future, &value, DEADLINE_NOW);
    return number(value) * 10 + result;
}}

static inline long any(void)
{{
    size_t index = 0;
    Value value = future_await_any(futures, {count}, &index);
    return number(value) * 10 + (long)index;
}}

static inline long all(void)
{{
    Value values[{count}] = {{ 0 }};
    Value value = future_await_all(futures, {count}, values);
    return number(value) * 100 + number(values[0]);
}}
"""
    unused = "(void)pool, (void)returns, (void)fails, (void)number;"
    return helpers, call, [unused, *setup], final


def map_program(rng):
    def call():
        key = rng.choice(('"a"', '"a"', '"b"'))
        n = rng.randrange(1, 9)
        return rng.choice((
            f"shared_map_set_int(map, {key}, {n})",
            f'shared_map_set_text(map, {key}, "text {n}")',
            f"got({key})", f"got({key})",
            f"shared_map_has(map, {key})",
            f"shared_map_delete(map, {key})",
            f"added({key}, {n})", f"added({key}, {n})",
            f"shared_map_compare_and_set(map, {key}, value_int({n % 3}), "
            f"value_int({n}))",
            f"shared_map_set_if_absent(map, {key}, value_int({n}))",
            f"shared_map_update(map, {key}, doubled, NULL)",
            "(shared_map_clear(map), 0)",
            "(long)shared_map_size(map)", "listed()"))

    helpers = """
static SharedMap *map;

static inline long got(const char *key)
{
    Value value = value_null();
    bool found = shared_map_get(map, key, &value);
    long long seen = value.type == VALUE_INT    ? value.integer
                     : value.type == VALUE_TEXT ? value.text[5]
                                                : 0;
    value_free(&value);
    return (long)seen * 10 + found;
}

static inline long added(const char *key, int amount)
{
    long long sum = 0;
    MapResult result = shared_map_add(map, key, amount, &sum);
    return (long)sum * 10 + (long)result;
}

static inline bool doubled(Value *value, void *context)
{
    (void)context;
    *value = value_int(value->type == VALUE_INT ? 2 * value->integer : 1);
    return true;
}

static inline long listed(void)
{
    MapEntries *entries = shared_map_entries(map);
    long seen = (long)entries->count;
    for (size_t i = 0; i < entries->count; i++)
        seen = seen * 1000 + entries->at[i].key[0] * 10 +
               (long)entries->at[i].value.type;
    free(entries);
    return seen;
}
"""
    setup = ["map = shared_map_new_sized(65536);"]
    for key in '"a"', '"b"':
        if rng.random() < 0.5:
            setup.append(f"shared_map_set_int(map, {key}, {rng.randrange(3)});")
    return helpers, call, setup, [
        "shared_map_print(map, stdout);", "shared_map_free(&map);"]


KINDS = {"queue": queue_program,
         "future": lambda rng: future_program(rng, False),
         "pool": lambda rng: future_program(rng, True),
         "map": map_program}


def program_text(kind, seed, attempt):
    """A program of this kind. Each part is a thread; main prints all results."""
    rng = random.Random(f"{kind} {seed} {attempt}")
    helpers, call, setup, final = KINDS[kind](rng)
    shape = rng.choice(((1, 1), (1, 2), (2, 2), (1, 1, 1), (1, 1, 2)))
    parts = [[call() for _ in range(calls)] for calls in shape]
    lines = [HEAD, helpers]
    for p, calls in enumerate(parts):
        body = "".join(f"    results[{p}][{i}] = {c};\n"
                       for i, c in enumerate(calls))
        lines.append(f"static void part_{p}(void)\n{{\n{body}}}\n")
    names = ", ".join(f"part_{p}" for p in range(len(parts)))
    prints = "".join(
        f'    printf(" %ld", results[{p}][{i}]);\n'
        for p, calls in enumerate(parts) for i in range(len(calls)))
    lines.append("int main(void)\n{\n    " + "\n    ".join(setup) +
                 f"\n    TOGETHER({names});\n" + prints + "    " +
                 "\n    ".join(final) + '\n    printf("\\n");\n}\n')
    return "\n".join(lines)


# Building a program on each side: "plain", "fast", and "loops", which is the
# plain library with a loop over the cases in place of a select.


def build_libraries():
    """The objects of the plain library and of the fast one."""
    libraries = {}
    for side in "plain", "fast":
        scenarios.PLAIN = side == "plain"
        libraries[side] = scenarios.build_library()
    if BUG:
        folder = FOLDER / "bug"
        shutil.rmtree(folder, ignore_errors=True)
        libraries["fast"] = bugs.broken_library(
            bugs.read_bug(pathlib.Path(BUG)), libraries["fast"], folder,
            [*scenarios.compile_command(), "-w"])
    return libraries


def source_of(name):
    return FOLDER / f"{name.replace(':', '-')}.c"


def build(name, attempt, libraries, link_options):
    """Returns the programs by side."""
    kind, seed = name.split(":")
    source = source_of(name)
    FOLDER.mkdir(parents=True, exist_ok=True)
    source.write_text(program_text(kind, seed, attempt))
    programs = {}
    for side, library, defines in (("plain", "plain", ()), ("fast", "fast", ()),
                                   ("loops", "plain", ("-DONE_BY_ONE",))):
        if side == "loops" and "= selected(" not in source.read_text():
            programs[side] = programs["plain"]
            continue
        objects = scenarios.build_objects(
            scenarios.COMMON, [source], FOLDER / side,
            [*scenarios.compile_command(), "-w", *defines])
        programs[side] = scenarios.link(objects + libraries[library],
                                        link_options,
                                        FOLDER / side / f"{source.stem}.so")
    return programs


# Results.


class TooMany(Exception):
    """More results than explore keeps."""


def results_of(program, bound, seconds):
    """The set of the program's results."""
    run = subprocess.run(
        [scenarios.TOOL, program, "--bound", str(bound), "--seconds",
         str(seconds)], capture_output=True, text=True,
        timeout=scenarios.LIMIT, check=False)
    if "And more outputs" in run.stdout:
        raise TooMany
    results = set()
    for part in run.stdout.split("\n\n")[1:]:
        first, _, rest = part.partition("\n")
        if first.startswith("Output "):
            results.add(rest.strip())
        else:
            results.add(first.partition(":")[0])
    if not results:
        raise RuntimeError(run.stdout + run.stderr)
    return results


def compare(programs):
    """Returns whether plain <= fast <= loops, as sets, and lines about it.

    Without a select "loops" is "plain", so that the three sets are equal."""
    found = {}

    def search(side, bound, seconds):
        found[side] = (found.get(side, set()) |
                       results_of(programs[side], bound, seconds))

    def missing():
        """The results that a side lacks, with that side."""
        return [(side, result) for other, side in
                (("plain", "fast"), ("fast", "loops"))
                for result in sorted(found[other] - found[side])]

    for side in programs:
        search(side, BOUND, SECONDS)
    for bound, times in FURTHER:
        for side in sorted({side for side, _ in missing()}):
            search(side, bound, times * SECONDS)
    lines = [f"{len(found['plain']):>3} results"]
    lines += [f"    {'plain' if side == 'fast' else 'fast'} only: {result}"
              for side, result in missing()]
    return len(lines) == 1, "\n".join(lines)


def judge(name, libraries, link_options):
    """As compare, for the first attempt with more than one result."""
    for attempt in range(ATTEMPTS):
        programs = build(name, attempt, libraries, link_options)
        try:
            if len(results_of(programs["plain"], BOUND, SECONDS)) > 1:
                return compare(programs)
        except TooMany:
            pass
    return None, "left out: no attempt has 2 to 64 results"


def main(names):
    start = time.monotonic()
    names = names or list(KINDS)
    names = [full for name in names for full in
             ([name] if ":" in name else
              [f"{name}:{seed}" for seed in
               range(FIRST_SEED, FIRST_SEED + PROGRAMS)])]
    link_options = scenarios.build_tool()
    libraries = build_libraries()
    passed = failed = 0
    for name, (same, line) in zip(names, scenarios.one_by_one(
            lambda name: judge(name, libraries, link_options), names)):
        word = {True: "ok  ", False: "FAIL", None: "    "}[same]
        print(f"{word} {name:12} {line}", flush=True)
        if same is False:
            print(f"    {os.path.relpath(source_of(name))}", flush=True)
        passed += same is True
        failed += same is False
    print(f"{time.monotonic() - start:.0f} s")
    print(f"{passed} passed, {failed} failed")
    return failed == 0 < passed


if __name__ == "__main__":
    sys.exit(not main(sys.argv[1:]))
