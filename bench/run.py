#!/usr/bin/env python3
"""Runs the benchmark: all drivers take turns, and their medians are compared.

From the environment: ROUNDS (5); CELL, the cells to run, by how their names
begin, with commas in between (all); LIMIT, the seconds that a run may take
(20); BUDGET, the seconds that all may take (540).
"""

import os
import sys

import cells as what
import machine
import peers
import picture
import report
from rounds import Rounds

RESULTS = os.path.join(peers.HERE, "results")


def setting(name, usual, kind=float):
    try:
        return kind(os.environ.get(name) or usual)
    except ValueError:
        sys.exit("%s is a number" % name)


def at_least_one(text):
    return max(1, int(text))


def main():
    count = setting("ROUNDS", 5, at_least_one)
    limit = setting("LIMIT", 20)
    cells = what.selected(os.environ.get("CELL", ""))
    if not cells:
        sys.exit("no such cell; there are:\n%s" % "\n".join(
            "  %-22s%s" % (c.name, c.words) for c in what.CELLS))

    there, missing = peers.installed()
    about = machine.about(there, missing)
    for driver in missing:
        sys.stderr.write("skipped: %s (not installed: %s)\n" % (
            driver.label, driver.needs))
    pairs = peers.who_has_what([c.name for c in cells], there, limit)
    spare = [c.name for c in cells if c.target is None]
    results = Rounds(pairs, spare, count, limit,
                     setting("BUDGET", 540)).measure()
    return write(results, cells, about)


def write(results, cells, about):
    """Writes all that comes out. Returns the exit status."""
    os.makedirs(RESULTS, exist_ok=True)
    report.write_csv(os.path.join(RESULTS, "latest.csv"), results, cells)
    text = report.Table(results, cells).text(about)
    with open(os.path.join(RESULTS, "latest.txt"), "w",
              encoding="utf-8") as file:
        file.write(text)
    with open(os.path.join(RESULTS, "latest.svg"), "w",
              encoding="utf-8") as file:
        file.write(picture.draw(results, cells, machine.short()))
    sys.stdout.write(text)
    return 1 if any(d.startswith("ours") for _, d in results.words) else 0


if __name__ == "__main__":
    sys.exit(main())
