"""The results as a table for people, and as a CSV for programs."""

import csv
import math
import textwrap

import cells as what
from peers import LABELS

WIDTH = 80


def amount(number, unit="ns"):
    """A time or a size in few characters: 5.3 ns, 48 us, 1.9 ms, 3.2 KiB."""
    if unit == "bytes":
        steps = (("B", 1), ("KiB", 1024), ("MiB", 1024 * 1024))
    else:
        steps = (("ns", 1), ("us", 1e3), ("ms", 1e6), ("s", 1e9))
    word, size = [s for s in steps
                  if s[1] == 1 or number >= 0.9995 * s[1]][-1]
    number /= size
    if number < 9.995 and not (unit == "bytes" and size == 1):
        digits = 2
    else:
        digits = 1 if number < 99.95 and size > 1 or (
            unit == "ns" and number < 99.95) else 0
    return "%.*f %s" % (digits, number, word)


def times(ratio):
    """5.3x, 0.85x, 230x, 27,500x."""
    if ratio >= 999.5:
        ratio = round(ratio, 2 - int(math.log10(ratio)))
        return "{:,.0f}x".format(ratio)
    return "%.*fx" % (2 if ratio < 1 else 1 if ratio < 99.5 else 0, ratio)


def median(numbers):
    numbers = sorted(numbers)
    middle = len(numbers) // 2
    if len(numbers) % 2:
        return numbers[middle]
    return (numbers[middle - 1] + numbers[middle]) / 2


def best(results, cell):
    """The fastest peer that counts for the cell's target, or None."""
    return next((d for d in results.drivers(cell.name)
                 if what.counts(d, cell)), None)


def verdict(ratio, target):
    if ratio >= target.aim:
        return "aim met"
    return "met" if ratio >= target.least else "MISSED"


def _ratio_words(ratios):
    return "%s (%s to %s)" % (times(median(ratios)), times(min(ratios)),
                              times(max(ratios)))


def _label(driver, cell):
    word = what.note(driver, cell.name)
    return LABELS[driver] + (" [%s]" % word if word else "")


class Table:
    def __init__(self, results, cells):
        self.results = results
        self.cells = [c for c in cells if results.drivers(c.name)
                      or any(results.failed(c.name, d) for d in LABELS)]
        self.rounds = max(map(len, results.numbers.values()), default=0)
        self.known = {}  # sentence -> mark

    def text(self, about):
        """The whole table; `about` is lines on the machine and the peers."""
        lines = list(about) + [""] + self._summary()
        for section in what.SECTIONS:
            inside = [c for c in self.cells if c.section == section]
            if inside:
                lines += ["", section, "=" * len(section)]
            for cell in inside:
                lines += [""] + self._details(cell)
        lines += self._below()
        return "\n".join(line.rstrip() for line in lines) + "\n"

    def _summary(self):
        rows = [self._row(c) for c in self.cells if c.target is not None]
        rows = [row for row in rows if row]
        if not rows:
            return []
        head = "%-20s%10s  %-17s%10s %7s  %s" % (
            "cell", "ours", "best peer", "", "ratio", "at least")
        return [head, "-" * WIDTH] + rows + ["-" * WIDTH] + textwrap.wrap(
            "ratio: how many times as long as ours the best peer takes that "
            "promises the same, in the median of the rounds; above 1 we are "
            "ahead. aim met: the higher aim too.", WIDTH)

    def _row(self, cell):
        """One line: ours, the best peer, and whether the target is met."""
        peer = best(self.results, cell)
        if peer is None:
            return ""
        theirs = amount(self.results.median(cell.name, peer), cell.unit)
        form = "%-20s%10s  %-17s%10s %7s %5s %s"
        ratios = self.results.ratios(cell.name, peer)
        if not self.results.of(cell.name, "ours") or not ratios:
            word = self.results.failed(cell.name, "ours")
            return word and form % (cell.name, word, LABELS[peer], theirs,
                                    "", "%g" % cell.target.least, "MISSED")
        ratio = median(ratios)
        return form % (
            cell.name,
            amount(self.results.median(cell.name, "ours"), cell.unit),
            LABELS[peer], theirs, times(ratio), "%g" % cell.target.least,
            verdict(ratio, cell.target))

    def _details(self, cell):
        lines = ["%-28s%s" % (cell.name, cell.words)]
        ours = self.results.of(cell.name, "ours")
        if ours:
            lines.append("  ours %s (%s to %s)" % (
                amount(median(ours), cell.unit),
                amount(min(ours), cell.unit), amount(max(ours), cell.unit)))
        lines += self._against(cell, best(self.results, cell), cell.target)
        if "node" in self.results.drivers(cell.name):
            lines += self._against(
                cell, "node", what.NODE if cell.unit == "ns" else None)
        return lines + self._everybody(cell)

    def _against(self, cell, peer, target):
        ratios = peer and self.results.ratios(cell.name, peer)
        if not ratios:
            return []
        line = "  %s %s, %s" % (
            LABELS[peer],
            amount(self.results.median(cell.name, peer), cell.unit),
            _ratio_words(ratios))
        if target is not None:
            ratio = median(ratios)
            line += "; at least %g, aim %g: %s" % (
                target.least, target.aim, verdict(ratio, target))
        return [line]

    def _everybody(self, cell):
        items = ["%s %s" % (_label(d, cell) + self._mark(d, cell), amount(
            self.results.median(cell.name, d), cell.unit))
            for d in self.results.drivers(cell.name)]
        items += ["%s %s" % (LABELS[d], self.results.failed(cell.name, d))
                  for d in LABELS if self.results.failed(cell.name, d)]
        # A name and its number stay on one line.
        items = [item.replace(" ", "\0") for item in items]
        return [line.replace("\0", " ") for line in textwrap.wrap(
            ", ".join(items), WIDTH, initial_indent="  all: ",
            subsequent_indent="       ", break_long_words=False,
            break_on_hyphens=False)]

    def _mark(self, driver, cell):
        """A star for a loss that we know of."""
        sentence = what.known_loss(driver, cell.name)
        ratios = self.results.ratios(cell.name, driver)
        if not sentence or not ratios or median(ratios) >= 1:
            return ""
        self.known.setdefault(sentence, "*" * (len(self.known) + 1))
        return self.known[sentence]

    def _below(self):
        lines = [""]
        for sentence, mark in self.known.items():
            lines += textwrap.wrap("%s known and accepted: %s" % (
                mark, sentence), WIDTH)
        lines += textwrap.wrap(" ".join(self._words()), WIDTH)
        lines += self._few_rounds()
        for message in self.results.messages:
            lines += textwrap.wrap(message, WIDTH, subsequent_indent="    ")
        return lines

    def _words(self):
        """What the words behind the names mean, of those that are there."""
        there = [(c, d) for c in self.cells
                 for d in self.results.drivers(c.name)]
        notes = {what.note(d, c.name) for c, d in there}
        words = ["[%s] %s." % (note, meaning)
                 for note, meaning in what.NOTES.items() if note in notes]
        if any(d == "node" and c.section == what.MAP for c, d in there):
            words.append("Node's map has 1,000 keys, all others 100,000.")
        return words

    def _few_rounds(self):
        few = {}
        for cell in self.cells:
            for driver in self.results.drivers(cell.name):
                count = len(self.results.of(cell.name, driver))
                if count < self.rounds:
                    few.setdefault((LABELS[driver], count), []).append(
                        cell.name)
        if not few:
            return []
        return textwrap.wrap("Fewer rounds than %d, for want of time: %s." % (
            self.rounds, "; ".join("%s (%d): %s" % (
                label, count, ", ".join(names) if len(names) <= 3
                else "%d cells" % len(names))
                for (label, count), names in few.items())), WIDTH,
            break_on_hyphens=False)


def write_csv(path, results, cells):
    with open(path, "w", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(("cell", "peer", "rounds", "median", "min", "max",
                      "unit"))
        for cell in cells:
            for driver in results.drivers(cell.name):
                numbers = results.of(cell.name, driver)
                out.writerow([cell.name, driver, len(numbers)] + [
                    "%.2f" % n for n in (median(numbers), min(numbers),
                                         max(numbers))] + [cell.unit])
            for driver in LABELS:
                if results.failed(cell.name, driver):
                    word = results.failed(cell.name, driver)
                    out.writerow([cell.name, driver, 0, word, word, word,
                                  cell.unit])
