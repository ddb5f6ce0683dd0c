#!/usr/bin/env python3
"""Breaks common/ on purpose, and demands that explore finds it.

usage: bugs.py [NAME...]

Each file in bugs/ says what is broken, where, which scenario shows it, and what
is to be found. What stands between "--- old" and "--- new" is put in the place
of the former, which must be in the file exactly once. The same search must find
nothing in the code as it is.

Environment: SECONDS (10, at most for each), JOBS (2, at a time), CC (cc).
"""

import collections
import os
import pathlib
import re
import shutil
import sys
import tempfile
import time

import scenarios

HERE = scenarios.HERE
SECONDS = float(os.environ.get("SECONDS", 10))

# `edits` are pairs of an old and a new text.
Bug = collections.namedtuple("Bug", "name file scenario finding edits")


def read_bug(path):
    head, *edits = path.read_text().split("--- old\n")
    fields = dict(re.findall(r"^(\w+): (.+)$", head, re.MULTILINE))
    return Bug(path.stem, fields["file"], fields["scenario"],
               fields["finding"], [tuple(edit.split("--- new\n"))
                                   for edit in edits])


def read_bugs(names):
    """Those of these names, or all."""
    return [read_bug(path) for path in sorted((HERE / "bugs").glob("*.txt"))
            if not names or path.stem in names]


def source(bug, common):
    """The file that has the bug: no two have one name."""
    return next(common.rglob(bug.file))


def put_in(bug, common):
    """Changes the copy of common/. Says what does not fit, if anything."""
    path = source(bug, common)
    text = path.read_text()
    for old, new in bug.edits:
        if text.count(old) != 1:
            return f"the old text is there {text.count(old)} times"
        text = text.replace(old, new)
    path.write_text(text)
    return ""


def copy_with(bug, common):
    """Makes a copy of common/ that has the bug."""
    shutil.copytree(scenarios.COMMON, common)
    misfit = put_in(bug, common)
    if misfit:
        raise ValueError(misfit)


def broken_library(bug, library, folder, command):
    """The objects of common/ with the bug; as few as needed are new."""
    common = folder / "common"
    copy_with(bug, common)
    changed = (sorted(common.glob("*/*.c")) if bug.file.endswith(".h")
               else [source(bug, common)])
    objects = scenarios.build_objects(common, changed, folder, command)
    new = {path.name for path in objects}
    return objects + [path for path in library if path.name not in new]


def build_broken(bug, library, link_options, folder):
    """The scenario with the bug."""
    broken = broken_library(bug, library, folder,
                            [*scenarios.compile_command(), "-w"])
    return scenarios.build_scenario(bug.scenario, broken, link_options,
                                    folder / "program")


def verdict_on(bug, library, link_options):
    """Returns whether the bug was found, and a line about it."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            program = build_broken(bug, library, link_options,
                                   pathlib.Path(folder))
        except ValueError as misfit:
            return False, str(misfit)
        verdict = scenarios.explore(program, "--stop", "--seconds", SECONDS,
                                    "--schedules", 1)
    runs = f"{max(1, verdict.tried + verdict.seeds):>7,} schedules"
    if verdict.status == 0:
        return False, f"{runs}: nothing was found"
    kinds = bug.finding.replace(" or ", "|")
    found = re.search(rf"^((?:{kinds})[^:]*): ", verdict.text, re.MULTILINE)
    if not found:
        return False, f"{runs}: not {bug.finding}, but\n{verdict.text}"
    return True, f"{runs}  {verdict.seconds:4.1f} s  {found[1]}"


def accused(names, library, link_options):
    """Which of the scenarios fail although nothing is broken."""
    def fails(name):
        program = scenarios.build_scenario(
            name, library, link_options, scenarios.BUILD / "scenarios")
        return scenarios.explore(program, "--stop", "--seconds", 1,
                                 "--schedules", 1).status != 0
    return [name for name, bad in
            zip(names, scenarios.in_parallel(fails, names)) if bad]


def main(names):
    start = time.monotonic()
    bugs = read_bugs(names)
    link_options = scenarios.build_tool()
    library = scenarios.build_library()
    wrong = accused(sorted({bug.scenario for bug in bugs}), library,
                    link_options)
    passed = 0
    for bug, (found, line) in zip(bugs, scenarios.one_by_one(
            lambda bug: verdict_on(bug, library, link_options), bugs)):
        if bug.scenario in wrong:
            found, line = False, f"{bug.scenario} fails without it, too"
        print(f"{'ok  ' if found else 'FAIL'} {bug.name:30} {line}",
              flush=True)
        passed += found
    print(f"{time.monotonic() - start:.0f} s")
    print(f"{passed} passed, {len(bugs) - passed} failed")
    return passed == len(bugs) > 0


if __name__ == "__main__":
    sys.exit(not main(sys.argv[1:]))
