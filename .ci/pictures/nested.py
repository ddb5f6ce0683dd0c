#!/usr/bin/env python3
"""Checks files of Chrome trace events, as Perfetto needs them: nested.py FILE..."""

import json
import sys
from collections import Counter, defaultdict


def problems(records):
    """Says what is wrong with the list of records."""
    slices, flows = defaultdict(list), defaultdict(list)
    named, lanes = set(), set()
    for record in records:
        lane, phase = record["tid"], record["ph"]
        if phase == "M":
            if record["name"] == "thread_name":
                named.add(lane)
            continue
        lanes.add(lane)
        if not isinstance(record["ts"], (int, float)) or record["ts"] < 0:
            yield f"no time: {record}"
        # In whole nanoseconds: sums of floats would not be exact.
        start = round(record["ts"] * 1000)
        if phase == "X":
            slices[lane].append((start, start + round(record["dur"] * 1000)))
        elif phase in "sf":
            flows[record["id"]].append((phase, start, lane, record))
        elif phase != "i":
            yield f"what is {phase}?"
    for lane in lanes - named:
        yield f"lane {lane} has no name"
    for lane, spans in slices.items():
        yield from crossings(lane, spans)
    for number, ends in flows.items():
        yield from wrong_flow(number, ends, slices)


def crossings(lane, spans):
    """Slices must lie inside or beside each other, all in the lane's own."""
    if any(span[0] < spans[0][0] or span[1] > spans[0][1] for span in spans):
        yield f"lane {lane}: not all of it is in {spans[0]}"
    open_ends = []
    for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
        if end <= start:
            yield f"lane {lane}: a slice of no length at {start}"
        while open_ends and open_ends[-1] <= start:
            open_ends.pop()
        if open_ends and end > open_ends[-1]:
            yield f"lane {lane}: the slice {start}-{end} crosses an end"
        open_ends.append(end)


def wrong_flow(number, ends, slices):
    """An arrow has two ends, in slices, and goes forward."""
    if [end[0] for end in sorted(ends, key=lambda end: end[1])] != ["s", "f"]:
        yield f"arrow {number} has the ends {[end[:3] for end in ends]}"
    for phase, time, lane, record in ends:
        if not any(start <= time < end for start, end in slices[lane][1:]):
            yield f"arrow {number}: no slice but the lane's own at its {phase}"
        if phase == "f" and record.get("bp") != "e":
            yield f"arrow {number} would bind to the next slice"
    if len({(end[3]["cat"], end[3]["name"]) for end in ends}) != 1:
        yield f"arrow {number}: its ends have different names"


def main():
    wrong = 0
    for path in sys.argv[1:]:
        with open(path, encoding="utf-8") as file:
            records = json.load(file)["traceEvents"]
        for problem in problems(records):
            print(f"{path}: {problem}")
            wrong += 1
        kinds = Counter(record["ph"] for record in records)
        print(f"{path}: {kinds['X']} slices, {kinds['s']} arrows")
        if kinds["X"] == 0:
            print(f"{path}: no slices at all")
            wrong += 1
    sys.exit(1 if wrong or len(sys.argv) == 1 else 0)


main()
