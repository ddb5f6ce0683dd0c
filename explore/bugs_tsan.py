#!/usr/bin/env python3
"""Which of the bugs in bugs/ ThreadSanitizer finds, for comparison.

usage: bugs_tsan.py [NAME...]

The scenario of each is run RUNS times (100) as an ordinary program with
ThreadSanitizer: one that prints a report, fails a check, or has not ended after
ten seconds, counts as found.

Environment: RUNS, CC (cc).
"""

import os
import pathlib
import subprocess
import sys
import tempfile

import bugs
import scenarios

RUNS = int(os.environ.get("RUNS", 100))
LIMIT = 10
COMPILE = [scenarios.CC, *"-std=gnu11 -O2 -g -w -pthread -fsanitize=thread "
           "-DWAIT_WITH_PTHREAD".split()]


def build(bug, library, folder):
    """The scenario with the bug."""
    broken = bugs.broken_library(bug, library, folder, COMPILE)
    source = scenarios.HERE / "scenarios" / f"{bug.scenario}.c"
    program = folder / "program"
    subprocess.run([*COMPILE, f"-I{scenarios.COMMON}", "-o", program, source,
                    *broken], check=True)
    return program


def outcome(program):
    """What one run shows, if anything."""
    try:
        run = subprocess.run([program], capture_output=True, text=True,
                             timeout=LIMIT, check=False)
    except subprocess.TimeoutExpired:
        return "hangs"
    if "WARNING: ThreadSanitizer" in run.stderr:
        return "report"
    return "check" if run.returncode != 0 else ""


def first_outcome(bug, library):
    with tempfile.TemporaryDirectory() as folder:
        program = build(bug, library, pathlib.Path(folder))
        for run in range(1, RUNS + 1):
            shown = outcome(program)
            if shown:
                return f"{shown}, run {run}"
    return "no"


def main(names):
    library = scenarios.build_objects(
        scenarios.COMMON, sorted(scenarios.COMMON.glob("*/*.c")),
        scenarios.BUILD / "tsan", COMPILE)
    for bug in bugs.read_bugs(names):
        print(f"{bug.name:30} {first_outcome(bug, library)}", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
