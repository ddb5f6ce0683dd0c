"""The rounds: all drivers that have a cell take turns, again and again."""

import os
import sys
import time
from statistics import median

import peers

GUESSED_SECONDS = 0.45  # a run, before any has been seen
FEW_ROUNDS = 3          # at the least, for what is slow


class Results:
    """What was measured, by cell and driver: one number a round."""

    def __init__(self):
        self.numbers = {}  # (cell, driver) -> {round: number}
        self.words = {}    # (cell, driver) -> "DNF" or "wrong"
        self.messages = []

    def add(self, cell, driver, turn, outcome):
        if outcome.word == "":
            self.numbers.setdefault((cell, driver), {})[turn] = outcome.number
        elif outcome.word != "none":
            self.words[cell, driver] = outcome.word
            self.messages.append("%s, %s: %s: %s" % (
                cell, peers.LABELS[driver], outcome.word, outcome.message))

    def of(self, cell, driver):
        """The numbers of all rounds; empty when one of them went wrong."""
        if (cell, driver) in self.words:
            return []
        return list(self.numbers.get((cell, driver), {}).values())

    def median(self, cell, driver):
        return median(self.of(cell, driver))

    def drivers(self, cell):
        """Those with numbers for this cell, the fastest first."""
        found = [d for d in peers.LABELS if self.of(cell, d)]
        return sorted(found, key=lambda d: self.median(cell, d))

    def ratios(self, cell, driver):
        """How many times as long as ours it took, in each common round."""
        if self.failed(cell, "ours") or self.failed(cell, driver):
            return []
        ours = self.numbers.get((cell, "ours"), {})
        theirs = self.numbers.get((cell, driver), {})
        return [theirs[t] / ours[t] for t in sorted(ours)
                if t in theirs and ours[t] > 0]

    def failed(self, cell, driver):
        return self.words.get((cell, driver), "")


class Progress:
    """One line that is rewritten on a terminal; plain lines elsewhere."""

    def __init__(self):
        self.on_terminal = (sys.stderr.isatty() and
                            os.environ.get("TERM") != "dumb")
        self.last = None

    def show(self, head, cell, driver, left):
        if self.on_terminal:
            line = "%s: %s, %s; %s left" % (
                head, cell, peers.LABELS[driver], _minutes(left))
            sys.stderr.write("\r\x1b[K" + line[:79])
        elif cell != self.last:
            sys.stderr.write("%s: %s\n" % (head, cell))
            self.last = cell
        sys.stderr.flush()

    def clear(self):
        if self.on_terminal:
            sys.stderr.write("\r\x1b[K")


def _minutes(seconds):
    if seconds < 90:
        return "%d s" % seconds
    return "%.0f min" % (seconds / 60)


class Rounds:
    """`pairs` has the drivers of each cell: [(cell name, [drivers])]. `spare` are
    the cells that come last when there is not time for all."""

    def __init__(self, pairs, spare, count, limit, budget):
        self.pairs = pairs
        self.spare = spare
        self.count = count
        self.limit = limit    # seconds a run
        self.budget = budget  # seconds in all
        self.seconds = {}     # (cell, driver) -> how long its first run took
        self.sits_out = {}    # (cell, driver) -> rounds
        self.results = Results()
        self.progress = Progress()

    def measure(self):
        """All rounds. An interrupt ends them, with what there is by then."""
        runs = sum(len(who) for _, who in self.pairs)
        guess = min(self.budget, runs * self.count * GUESSED_SECONDS)
        sys.stderr.write("%d runs a round, %d rounds: about %s\n" % (
            runs, self.count, _minutes(guess)))
        start = time.monotonic()
        try:
            for turn in range(self.count):
                left = self.budget - (time.monotonic() - start)
                if turn == 1:
                    self._plan(left)
                if turn > 0 and left < self._expected(self._todo(turn)) / 2:
                    self.results.messages.append(
                        "no time for round %d" % (turn + 1))
                    break
                self._one_round(turn)
        except KeyboardInterrupt:
            self.results.messages.append("interrupted: fewer rounds")
        self.progress.clear()
        return self.results

    def _one_round(self, turn):
        todo = self._todo(turn)
        for done, (cell, driver) in enumerate(todo):
            left = (self._expected(todo[done:])
                    + sum(self._expected(self._todo(later))
                          for later in range(turn + 1, self.count)))
            self.progress.show("round %d of %d, %d of %d" % (
                turn + 1, self.count, done + 1, len(todo)),
                cell, driver.name, left)
            before = time.monotonic()
            outcome = peers.run(driver, cell, self.limit)
            self.seconds.setdefault((cell, driver.name),
                                    time.monotonic() - before)
            self.results.add(cell, driver.name, turn, outcome)

    def _todo(self, turn):
        """The runs of a round; each begins with another driver."""
        todo = []
        for cell, who in self.pairs:
            first = turn % len(who)
            for driver in who[first:] + who[:first]:
                pair = (cell, driver.name)
                if (not self.results.failed(*pair)
                        and turn not in self.sits_out.get(pair, ())):
                    todo.append((cell, driver))
        return todo

    def _expected(self, todo):
        return sum(self.seconds.get((cell, driver.name), GUESSED_SECONDS)
                   for cell, driver in todo)

    def _plan(self, left):
        """Who sits out rounds, until the rest fits the time: first what has
        no target, and variants; then the peers; the slowest first."""
        pairs = [p for p in self.seconds if not self.results.failed(*p)]
        need = sum(self.seconds[p] for p in pairs) * (self.count - 1)
        pairs.sort(key=self.seconds.get, reverse=True)
        spare = [p for p in pairs
                 if p[0] in self.spare or p[1] != peers.base(p[1])]
        others = [p for p in pairs
                  if p not in spare and p[1] != "ours"]
        for some, keep in ((spare, FEW_ROUNDS), (spare, 1),
                           (others, FEW_ROUNDS), (others, 1)):
            for pair in some:
                if need <= left:
                    return
                new = set(range(1, self.count - keep + 1))
                new -= self.sits_out.get(pair, set())
                self.sits_out.setdefault(pair, set()).update(new)
                need -= len(new) * self.seconds[pair]
