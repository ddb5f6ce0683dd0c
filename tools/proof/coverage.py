#!/usr/bin/env python3
"""coverage.py LIST JSON...

What "llvm-cov export" counted, of all builds together: how many branches of
the library's files were taken, and which were not. A branch is one way out of
one condition: `a && b` has four. Fails when fewer than 95 % were taken, when
one that was not is missing in the list, or when a room of common/ has no
branches at all: then the counts are of other files.

A line of the list says which branch, and why no test takes it:

    file function: condition: never true|never false: reason

One that may be taken or not, as threads happen to meet, has "sometimes" in
place of "never". Lines of the list must be of branches that there are.
"""

import collections
import glob
import json
import os
import re
import sys

LIBRARY = os.path.realpath(
    os.path.join(os.path.dirname(__file__), "..", "..", "common"))
AT_LEAST = 95  # percent

Branch = collections.namedtuple("Branch", "file line column function text side")


def is_of_library(path):
    """In common/ itself, or in one of its rooms."""
    return os.path.realpath(path).startswith(LIBRARY + os.sep)


def source_text(lines, line, column, end_line, end_column):
    """The condition in one line, with each white space as one blank."""
    part = lines[line - 1 : end_line]
    part[-1] = part[-1][: end_column - 1]
    part[0] = part[0][column - 1 :]
    return " ".join(" ".join(part).split())


def read_counts(paths):
    """How often each branch was taken, wherever its code was compiled in, and
    which files have branches."""
    counts = collections.Counter()
    sources = {}
    for path in paths:
        with open(path, encoding="utf-8") as file:
            functions = json.load(file)["data"][0]["functions"]
        for function in functions:
            if not is_of_library(function["filenames"][0]):
                continue  # a test that uses a macro of ours
            # Without what names.h puts before it.
            name = re.sub("^(.*:)?(common_)?", "", function["name"])
            for branch in function["branches"]:
                file = os.path.realpath(function["filenames"][branch[6]])
                if not is_of_library(file):
                    continue
                if file not in sources:
                    with open(file, encoding="utf-8") as source:
                        sources[file] = source.read().splitlines()
                text = source_text(sources[file], *branch[:4])
                for side, count in zip(("true", "false"), branch[4:6]):
                    counts[Branch(os.path.basename(file), *branch[:2],
                                  name, text, side)] += count
    return counts, set(sources)


def read_list(path):
    """Reasons by place: file, function, condition and side."""
    reasons = {}
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            if not line.strip() or line.startswith("#"):
                continue
            match = re.fullmatch(
                r"(\S+) (\w+): (.+): (never|sometimes) (true|false): (.+)\n",
                line)
            if not match:
                sys.exit(f"{path}:{number}: this line cannot be read")
            file_name, function, text, often, side, reason = match.groups()
            reasons[file_name, function, text, side] = (often, reason)
    return reasons


def rooms_without(files):
    """The rooms of common/ of which no branch was counted."""
    seen = {os.path.dirname(file) for file in files}
    return [room for room in sorted(glob.glob(LIBRARY + "/*/"))
            if room.rstrip("/") not in seen]


def place(branch):
    return branch.file, branch.function, branch.text, branch.side


def print_files(counts):
    for file in sorted({branch.file for branch in counts}):
        of_file = [n for branch, n in counts.items() if branch.file == file]
        taken = sum(n > 0 for n in of_file)
        print(f"{file:26} {taken:5} of {len(of_file):5}"
              f" {100 * taken / len(of_file):6.1f} %")


def print_uncovered(uncovered, reasons):
    """Returns how many have no reason."""
    missing = 0
    for branch in uncovered:
        often, reason = reasons.get(place(branch), ("never", None))
        missing += reason is None
        print(f"{branch.file}:{branch.line}:{branch.column}: "
              f"{branch.function}: {branch.text}: {often} {branch.side}: "
              f"{reason or 'NOT IN THE LIST'}")
    return missing


def main():
    list_path, *json_paths = sys.argv[1:]
    counts, files = read_counts(json_paths)
    empty = rooms_without(files)
    for room in empty:
        print("0 branches were counted in", os.path.relpath(room))
    reasons = read_list(list_path)
    uncovered = sorted(branch for branch, n in counts.items() if n == 0)

    print_files(counts)
    print(f"\nNot covered, {len(uncovered)} branches:")
    missing = print_uncovered(uncovered, reasons)
    stale = set(reasons) - {place(branch) for branch in counts}
    for there_is_no in sorted(stale):
        print("in the list, but not in the library:", *there_is_no)
    surprising = [where for where in map(place, (b for b in counts if counts[b]))
                  if reasons.get(where, ("", ""))[0] == "never"
                  and where not in map(place, uncovered)]
    for where in sorted(surprising):
        print("covered, although the list says never:", *where)

    taken = len(counts) - len(uncovered)
    percent = 100 * taken / len(counts) if counts else 0
    print(f"\n{taken} of {len(counts)} branches are covered: {percent:.1f} %; "
          f"{missing} of the others are not in the list")
    return percent < AT_LEAST or missing > 0 or bool(stale) or bool(empty)


if __name__ == "__main__":
    sys.exit(main())
