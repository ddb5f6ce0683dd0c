#!/usr/bin/env python3
"""Breaks the library in one place at a time, and counts how often the tests
notice.

    mutants.py [FILE...] [--sample N] [--most N] [--orders] [--seed N]
               [--jobs N] [--minutes N] [--at-least PERCENT] [--listed]
               [--resume LOG] [--check]

Each mutant is compiled in a scratch copy and linked with the test programs of
its subject; their tests run until one fails. A mutant that survives is tried with
the sanitizers, the shorter tests first, for a few seconds, and then under many
schedules (explore/). A memory order that is too weak hardly ever shows on the
machines that we have, but explore and ThreadSanitizer see it. These orders are a
class with a figure of its own, and with --orders the only class that is tried.

A mutant is equivalent when a compiler makes the same code of it, or when
tests/proof/mutants.txt says so and why. The rest must be killed: of these the run
ends with the percentage, and fails when it is too low.

Each verdict is a line of build/mutants.log. A run that was cut short goes on with
--resume and a copy of that log: only the mutants that the log does not have are
tried. --check tries none, and looks whether the lists still name what there is.
"""

import argparse
import collections
import fnmatch
import glob
import os
import queue
import random
import re
import shutil
import sys
import tempfile
import threading
import time

from mutant_explore import Explore, missing_scenarios
from mutant_rules import mutants_of
from mutant_trial import CC, FLAGS, ROOT, Base, Job, missing_patterns, must_run


def active_lines(text, file):
    """Those that are not between an #if and an #endif that leave them out."""
    left = set()
    for define in ([], ["-DWAIT_WITH_PTHREAD"]):
        seen = must_run([CC, "-E", "-x", "c", *FLAGS, *define, file], ROOT)
        name, line = "", 0
        for words in seen.splitlines():
            marker = re.match(r'# (\d+) "(?:\./)?([^"]*)"', words)
            if marker:
                name, line = marker.group(2), int(marker.group(1)) - 1
            elif name == file and words.strip():
                left.add(line)
            line += 1
    lines, conditions = set(), []
    for number, words in enumerate(text.splitlines(), 1):
        if re.match(r"#if", words):
            conditions.append(not re.match(r"#ifndef \w+_H$", words))
        elif re.match(r"#endif", words):
            conditions.pop()
        elif number in left or not any(conditions):
            lines.add(number)
    return lines


class Known:
    """tests/proof/mutants.txt: FILE | part of the line | change | reason"""

    def __init__(self):
        with open(ROOT + "/tests/proof/mutants.txt") as file:
            self.entries = [[part.strip() for part in line.split(" | ")]
                            for line in file
                            if line.strip() and not line.startswith("#")]
        for file in {entry[0] for entry in self.entries}:
            if not glob.glob("%s/common/**/%s" % (ROOT, file), recursive=True):
                sys.exit("mutants.txt: there is no " + file)
        self.used = set()

    def reason(self, mutant, line):
        for number, (file, part, change, reason) in enumerate(self.entries):
            if (file == os.path.basename(mutant.file) and part in line
                    and (change == mutant.change()
                         or fnmatch.fnmatch(mutant.change(), change))):
                self.used.add(number)
                return reason
        return None


def all_mutants(files):
    found, lines = [], {}
    for file in files:
        with open("%s/%s" % (ROOT, file)) as opened:
            text = opened.read()
        lines[file] = text.splitlines()
        found += mutants_of(file, text, active_lines(text, file))
    return found, lines


def percent_of(count):
    """Of the mutants that differ, how many were noticed."""
    killed, survived = count["killed"], count["survived"]
    return 100 * killed / (killed + survived) if killed + survived else 0


class Report:
    def __init__(self, known, lines, planned):
        self.known, self.lines, self.planned = known, lines, planned
        self.counts = collections.defaultdict(collections.Counter)
        self.orders = collections.Counter()
        self.survivors = []
        self.done = 0
        self.broken = False
        self.lock = threading.Lock()
        os.makedirs(ROOT + "/build", exist_ok=True)
        self.log = open(ROOT + "/build/mutants.log", "w")

    def line_of(self, mutant):
        return self.lines[mutant.file][mutant.line - 1]

    def add(self, mutant, verdict, why):
        with self.lock:
            self.done += 1
            self.counts[mutant.file][verdict] += 1
            self.orders[verdict] += mutant.is_order
            words = mutant.words()
            if verdict == "survived":
                self.survivors.append(words + "\n    " +
                                      self.line_of(mutant).strip())
            self.log.write("%s\t%s\t%s\n" % (verdict, words, why))
            self.log.flush()
            print("%d/%d %s: %s %s" % (self.done, self.planned, words, verdict,
                                       why), file=sys.stderr)

    def print_row(self, name, count):
        count.pop("invalid", None)  # does not compile
        killed, survived = count["killed"], count["survived"]
        share = "%.1f %%" % percent_of(count) if killed + survived else ""
        print("%-24s %6d %9d %10d %6d %8d %8s" % (
            name, sum(count.values()), killed, count["equivalent"],
            count["listed"], survived, share))

    def print_all(self):
        for survivor in sorted(self.survivors):
            print("survived: " + survivor)
        print("%-24s %6s %9s %10s %6s %8s" % (
            "file", "tried", "killed", "equivalent", "listed", "survived"))
        total = collections.Counter()
        for file in sorted(self.counts):
            self.print_row(file, self.counts[file])
            total += self.counts[file]
        self.print_row("all", total)
        self.print_row("weaker memory orders", self.orders)
        self.print_row("all other changes", total - self.orders)
        return percent_of(total)


def read_verdicts(path):
    """Of each mutant in a log; a line may have several mutants that read alike."""
    verdicts = collections.defaultdict(list)
    with open(path) as log:
        for line in log:
            verdict, words, why = line.rstrip("\n").split("\t")
            verdicts[words].append((verdict, why))
    return verdicts


def take_over(verdicts, chosen, report):
    """Adds what another run's log knows; returns the mutants that are left."""
    left = []
    for mutant in chosen:
        if not verdicts[mutant.words()]:
            left.append(mutant)
            continue
        verdict, why = verdicts[mutant.words()].pop(0)
        reason = report.known.reason(mutant, report.line_of(mutant))
        if reason and verdict == "survived":
            verdict, why = "listed", reason
        report.add(mutant, verdict, why)
    return left


def work_off(jobs, todo, report, options):
    end = time.monotonic() + 60 * options.minutes

    def work(job):
        try:
            work_on(job)
        except BaseException:
            report.broken = True
            raise

    def work_on(job):
        while time.monotonic() < end:
            try:
                mutant = todo.get_nowait()
            except queue.Empty:
                return
            reason = report.known.reason(mutant, report.line_of(mutant))
            if reason and not options.listed:
                verdict, why = "listed", reason
            else:
                verdict, why = job.try_mutant(mutant)
            if reason and verdict == "killed":
                why += ": BUT IT IS LISTED AS EQUIVALENT"
            report.add(mutant, verdict, why)

    threads = [threading.Thread(target=work, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def parse():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("files", nargs="*", help="of common/; else all")
    parser.add_argument("--sample", type=int, default=0,
                        help="so many of each file, chosen by the seed")
    parser.add_argument("--most", type=int, default=0,
                        help="so many of all, chosen by the seed")
    parser.add_argument("--orders", action="store_true",
                        help="only memory orders that are weaker")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=24 * 60)
    parser.add_argument("--budget", type=float, default=6,
                        help="seconds of sanitized tests for each mutant")
    parser.add_argument("--seconds", type=float, default=1,
                        help="of schedules for each mutant and scenario")
    parser.add_argument("--scenarios", metavar="FOLDER",
                        default=ROOT + "/explore/scenarios")
    parser.add_argument("--at-least", type=float, default=90)
    parser.add_argument("--listed", action="store_true",
                        help="try those that are listed as equivalent too")
    parser.add_argument("--check", action="store_true",
                        help="only whether the lists fit the sources")
    parser.add_argument("--only", default="", help="those with these words")
    parser.add_argument("--resume", metavar="LOG",
                        help="only what is not in another run's log")
    parser.add_argument("--again", metavar="LOG",
                        help="only what survived in another run's log")
    return parser.parse_args()


def choose(mutants, options):
    """In an order of chance, so that a run cut short is a sample too."""
    chance = random.Random(options.seed)
    chosen, taken = [], collections.Counter()
    for mutant in chance.sample(mutants, len(mutants)):
        taken[mutant.file] += 1
        if not options.sample or taken[mutant.file] <= options.sample:
            chosen.append(mutant)
    if options.again:
        with open(options.again) as log:
            survived = {line.split("\t")[1] for line in log
                        if line.startswith("survived")}
        chosen = [m for m in mutants if m.words() in survived]
    chosen = [m for m in chosen if options.only in m.words()
              and (m.is_order or not options.orders)]
    return chosen[:options.most or len(chosen)]


def check_lists(mutants, lines):
    """Returns what the lists name and the sources do not have."""
    missing = missing_patterns() + missing_scenarios()
    known = Known()
    for mutant in mutants:
        known.reason(mutant, lines[mutant.file][mutant.line - 1])
    missing += [" | ".join(entry) for number, entry in enumerate(known.entries)
                if number not in known.used]
    for words in missing:
        print("in a list, but not in the sources: " + words)
    print("%d mutants, %d of them weaker memory orders" %
          (len(mutants), sum(mutant.is_order for mutant in mutants)))
    return 1 if missing else 0


def try_all(chosen, report, options):
    work = tempfile.mkdtemp()
    try:
        base = Base(work)
        base.build("plain")
        kills = collections.defaultdict(collections.Counter)
        explore = Explore(work, options.scenarios, options.seconds)
        if not explore.is_there():
            print("without explore: no scenarios in " + options.scenarios)
        jobs = [Job(base, explore, i, kills, options.budget)
                for i in range(options.jobs)]
        todo = queue.Queue()
        for mutant in chosen:
            todo.put(mutant)
        work_off(jobs, todo, report, options)
    finally:
        os.chdir(ROOT)
        shutil.rmtree(work, ignore_errors=True)


def main():
    options = parse()
    os.chdir(ROOT)
    files = options.files or sorted(
        glob.glob("common/*.h") + glob.glob("common/*/*.[ch]"))
    mutants, lines = all_mutants(files)
    if options.check:
        return check_lists(mutants, lines)
    chosen = choose(mutants, options)
    verdicts = read_verdicts(options.resume) if options.resume else None
    report = Report(Known(), lines, len(chosen))
    if options.resume:
        chosen = take_over(verdicts, chosen, report)
    if chosen and options.minutes > 0:
        try_all(chosen, report, options)
    percent = report.print_all()
    print("%d of %d mutants, seed %d: %.1f %% of the non-equivalent killed" %
          (report.done, len(mutants), options.seed, percent))
    return 0 if percent >= options.at_least and not report.broken else 1


if __name__ == "__main__":
    sys.exit(main())
