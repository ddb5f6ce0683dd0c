#!/usr/bin/env python3
"""Runs the programs in scenarios/ under many schedules.

usage: scenarios.py [NAME...]
       scenarios.py NAME SEED=17        one schedule again, step by step
       scenarios.py NAME SCHEDULE=31.1

Each is first run under every schedule with at most BOUND preemptions, as far as
that takes no longer than SECONDS. Then all of them share SCHEDULES more, random
and PCT: slow ones get fewer of them, and those that were not tried out more.

Environment: SCHEDULES (300000 in all), BOUND (2), SECONDS (2, for each), JOBS
(2, at a time), FIRST_SEED (1), CC (cc). With PLAIN they run on the textbook
versions (plain/), but for those that look inside the fast ones.
"""

import collections
import concurrent.futures
import functools
import math
import os
import pathlib
import re
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
COMMON = HERE.parent / "common"
BUILD = HERE / "build"
TOOL = BUILD / "explore"

SCHEDULES = int(os.environ.get("SCHEDULES", 300000))
BOUND = int(os.environ.get("BOUND", 2))
SECONDS = float(os.environ.get("SECONDS", 2))
JOBS = int(os.environ.get("JOBS", 2))
FIRST_SEED = int(os.environ.get("FIRST_SEED", 1))
CC = os.environ.get("CC", "cc")
PLAIN = os.environ.get("PLAIN", "")

# Seconds after which a search is ended from outside.
LIMIT = 600

# What explore says of a search.
Verdict = collections.namedtuple(
    "Verdict", "status tried bound seeds seconds text")


def make(*arguments):
    return subprocess.run(
        ["make", "--silent", "--no-print-directory", "-C", HERE, f"CC={CC}",
         *arguments], check=True, stdout=subprocess.PIPE, text=True).stdout


@functools.lru_cache
def compile_command():
    return make("compile-command").split()


def one_by_one(function, items):
    """The results in their order, as they come."""
    with concurrent.futures.ThreadPoolExecutor(JOBS) as pool:
        yield from pool.map(function, items)


def in_parallel(function, items):
    return list(one_by_one(function, items))


def build_tool():
    """Builds explore. Returns what programs are linked with."""
    make("tool", "build/wrapped")
    return [f"@{BUILD / 'wrapped'}", "-Wl,-Bsymbolic", "-Wl,-z,now",
            "-nodefaultlibs", "-lc"]


def build_objects(common, sources, folder, command=None):
    """Compiles the sources, and returns the objects."""
    folder.mkdir(parents=True, exist_ok=True)

    def compile_one(source):
        result = folder / (source.stem + ".o")
        subprocess.run([*(command or compile_command()), f"-I{common}",
                        f"-I{HERE / 'scenarios'}", "-c", source,
                        "-o", result], check=True)
        return result
    return in_parallel(compile_one, sources)


def link(objects, link_options, result):
    subprocess.run([CC, "-shared", "-o", result, *objects, *link_options],
                   check=True)
    return result


def number(text):
    return int(text.replace(",", ""))


def explore(program, *options):
    """Runs one search and returns its Verdict."""
    start = time.monotonic()
    try:
        run = subprocess.run(
            [TOOL, program, "--one-output", "--brief", *map(str, options)],
            capture_output=True, text=True, timeout=LIMIT, check=False)
        status, text = run.returncode, run.stdout + run.stderr
    except subprocess.TimeoutExpired:
        status, text = 3, f"explore did not end within {LIMIT} s"
    seconds = time.monotonic() - start
    tried = re.match(r"([\d,]+) schedule", text)
    bound = re.search(r"all of them with at most (\d+)", text)
    seeds = re.search(r"([\d,]+) random and ([\d,]+) PCT", text)
    return Verdict(status, number(tried[1]) if tried else 0,
                   int(bound[1]) if bound else -1,
                   number(seeds[1]) + number(seeds[2]) if seeds else 0,
                   seconds, text)


def build_scenario(name, library, link_options, folder):
    """Builds a scenario with these objects of the library."""
    folder.mkdir(parents=True, exist_ok=True)
    main = build_objects(COMMON, [HERE / "scenarios" / f"{name}.c"], folder)
    return link(main + library, link_options, folder / f"{name}.so")


def library_sources():
    if not PLAIN:
        return sorted(COMMON.glob("*/*.c"))
    root = COMMON.parent
    names = subprocess.run(
        ["make", "--silent", "--no-print-directory", "-C", root, "-f",
         "tools/make/library.mk", "PLAIN=1", "sources"],
        check=True, stdout=subprocess.PIPE, text=True).stdout.split()
    return [root / name for name in names]


def build_library():
    return build_objects(COMMON, library_sources(),
                         BUILD / ("plain" if PLAIN else "common"))


def build_all(names):
    link_options = build_tool()
    library = build_library()
    folder = BUILD / ("plain-scenarios" if PLAIN else "scenarios")
    return in_parallel(
        lambda name: build_scenario(name, library, link_options, folder),
        names)


# All of them.


def shares(firsts):
    """How many schedules each gets: the same time, or three times as much."""
    speeds = [(v.tried + v.seeds) / v.seconds * (1 if v.bound == BOUND else 3)
              for v in firsts]
    left = SCHEDULES - sum(v.seeds for v in firsts)
    total = sum(speeds) or 1
    return [max(0, math.ceil(left * speed / total)) for speed in speeds]


def report(name, first, second):
    """Prints a line, and what was found. Returns whether it was nothing."""
    every = (f"all {first.tried:,} with at most {first.bound}"
             if first.bound >= 0 else f"{first.tried:,}")
    print(f"{name:26} {every:>28} {first.seeds + second.seeds:>9,} more  "
          f"{first.seconds + second.seconds:5.1f} s", flush=True)
    for verdict in (first, second):
        if verdict.status != 0:
            print(verdict.text.rstrip(), flush=True)
            return False
    return True


def run_all(names):
    start = time.monotonic()
    programs = build_all(names)
    built = time.monotonic() - start
    firsts = in_parallel(
        lambda program: explore(program, "--bound", BOUND, "--seconds",
                                SECONDS, "--first-seed", FIRST_SEED), programs)

    def run_more(program, first, share):
        return explore(program, "--seconds", 0, "--schedules", share,
                       "--first-seed", FIRST_SEED + first.seeds)
    jobs = zip(programs, firsts, shares(firsts))
    passed = seeds = 0
    for name, first, more in zip(names, firsts, one_by_one(
            lambda job: run_more(*job), jobs)):
        passed += report(name, first, more)
        seeds += first.seeds + more.seeds
    complete = sum(first.bound == BOUND for first in firsts)
    print(f"{complete} of {len(names)} complete with at most {BOUND} "
          f"preemptions ({sum(first.tried for first in firsts):,} schedules); "
          f"{seeds:,} random and PCT; {built:.0f} s to build, "
          f"{time.monotonic() - start - built:.0f} s to run")
    print(f"{passed} passed, {len(names) - passed} failed")
    return passed == len(names)


def replay(name, which):
    option, value = which.split("=", 1)
    program, = build_all([name])
    return subprocess.run([TOOL, program, f"--{option.lower()}", value],
                          check=False).returncode == 0


def looks_inside(scenario):
    return re.search(r'#include "(channel|queue|future|map)/',
                     scenario.read_text())


def all_names():
    scenarios = sorted((HERE / "scenarios").glob("*.c"))
    for scenario in filter(looks_inside, scenarios if PLAIN else []):
        print(f"left out: {scenario.stem}: looks inside the fast version")
    return [scenario.stem for scenario in scenarios
            if not (PLAIN and looks_inside(scenario))]


def main(arguments):
    names = [name for name in arguments if "=" not in name]
    if len(names) < len(arguments):
        return replay(*arguments)
    return run_all(names or all_names())


if __name__ == "__main__":
    sys.exit(not main(sys.argv[1:]))
