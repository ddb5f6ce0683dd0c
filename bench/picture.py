"""The results as a picture for a slide: an SVG that needs nothing else."""

import math
import time
from xml.sax.saxutils import escape

import cells as what
from peers import LABELS, base
from report import amount, median, times

WIDTH = 1000
MARGIN = 36
GAP = 44                                   # between the two columns
COLUMN = (WIDTH - 2 * MARGIN - GAP) // 2
NAMES = 98                                 # the room for names, at the left
NUMBERS = 112                              # and for numbers, at the right
BARS = COLUMN - NAMES - NUMBERS
ROW = 16
GROUP_GAP = 14
PEERS = 3                                  # at most, in a group
CUT = 10                                   # times ours: longer bars are cut

PAPER, INK, SOFT, LINE = "#fdfdfb", "#1f2328", "#6a737d", "#d8dbdf"
OURS, PEER, OTHER, NODE = "#d9480f", "#8fa3b8", "#cdd6df", "#6cc24a"
BEHIND = "#b42318"
CURVES = ("#4c6a88", "#8a6fb0", "#4f9d8f", "#a08a3c", "#b07090")
FONT = "'DejaVu Sans', Verdana, 'Segoe UI', Helvetica, Arial, sans-serif"


def _text(x, y, words, size=11, fill=INK, anchor="start", bold=False):
    return ('<text x="%.1f" y="%.1f" font-size="%g" fill="%s" '
            'text-anchor="%s"%s>%s</text>' % (
                x, y, size, fill, anchor,
                ' font-weight="bold"' if bold else "", escape(words)))


def _bar(x, y, width, height, fill):
    return ('<rect x="%.1f" y="%.1f" width="%.1f" height="%.1f" rx="1.5" '
            'fill="%s"/>' % (x, y, width, height, fill))


def _line(x1, y1, x2, y2, stroke=LINE, width=1.0):
    return ('<line x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f" stroke="%s" '
            'stroke-width="%g"/>' % (x1, y1, x2, y2, stroke, width))


def _first_of_each(names):
    """Without the slower variants of one driver."""
    first = {}
    for name in names:
        first.setdefault(base(name), name)
    return list(first.values())


class Group:
    """The bars of one cell: ours, the best peers, and Node."""

    def __init__(self, results, cell):
        self.results = results
        self.cell = cell
        there = results.drivers(cell.name)
        alike = _first_of_each(d for d in there if what.counts(d, cell))
        # One of another kind is shown where it is ahead of us.
        other = [d for d in there if d != "node"
                 and not d.startswith("ours") and not what.counts(d, cell)
                 and ("ours" not in there
                      or there.index(d) < there.index("ours"))][:1]
        shown = other + alike[:PEERS]
        shown.sort(key=there.index)
        self.rows = [d for d in ["ours"] + shown + ["node"] if d in there]

    def height(self):
        return 18 + ROW * len(self.rows) + GROUP_GAP

    def draw(self, x, y):
        out = [_text(x + NAMES, y + 11, self.cell.words, 12, bold=True),
               _text(x + COLUMN, y + 11, self.cell.name, 10, SOFT, "end")]
        longest = self._longest()
        for i, driver in enumerate(self.rows):
            out += self._row(x, y + 18 + i * ROW, driver, longest)
        return out

    def _longest(self):
        """The time of a bar of the full length."""
        times_here = [self._time(d) for d in self.rows if d != "node"]
        if not times_here:
            return self._time("node")
        if "ours" in self.rows:
            return min(max(times_here), CUT * self._time("ours"))
        return max(times_here)

    def _time(self, driver):
        return self.results.median(self.cell.name, driver)

    def _row(self, x, y, driver, longest):
        ours = driver == "ours"
        length = self._time(driver) / longest if longest else 0
        width = max(1.5, BARS * min(1, length))
        middle = y + ROW / 2 + 4
        left = x + NAMES
        out = [_text(left - 7, middle, LABELS[driver], 11,
                     OURS if ours else INK, "end", ours),
               _bar(left, y + 2, width, ROW - 4, self._colour(driver))]
        if length > 1.001:
            out += self._cut(left + BARS - 26, y)
        return out + self._numbers(left + width + 6, middle, driver)

    def _colour(self, driver):
        if driver in ("ours", "node"):
            return OURS if driver == "ours" else NODE
        return OTHER if what.other_contract(driver, self.cell.name) else PEER

    @staticmethod
    def _cut(x, y):
        """Two slanted strokes: the bar is longer than can be shown."""
        return [_line(x + dx, y + ROW - 1, x + dx + 5, y + 1, PAPER, 2.5)
                for dx in (0, 6)]

    def _numbers(self, x, y, driver):
        number = amount(self._time(driver), self.cell.unit)
        ratios = self.results.ratios(self.cell.name, driver)
        if driver == "ours" or not ratios:
            return [_text(x, y, number, 11, OURS, bold=True)]
        ratio = median(ratios)
        return ['<text x="%.1f" y="%.1f" font-size="11" fill="%s">%s '
                '<tspan font-weight="bold" fill="%s" dx="4">%s</tspan>'
                '</text>' % (x, y, SOFT, escape(number),
                             INK if ratio >= 1 else BEHIND,
                             times(ratio).replace("x", "\u00d7"))]


class Curves:
    """What one get costs as the map grows, a line for each peer."""

    PLOT = 150

    def __init__(self, results, cells):
        self.results = results
        self.points = {}  # driver -> [(keys, ns)]
        for cell in cells:
            for driver in results.drivers(cell.name):
                self.points.setdefault(driver, []).append(
                    (int(cell.name.rsplit("-", 1)[1]),
                     results.median(cell.name, driver)))
        last = sorted(self.points, key=lambda d: self.points[d][-1][1])
        alike = [d for d in last if d != "node" and not d.startswith("ours")]
        self.drivers = (["ours"] if "ours" in last else [])
        self.drivers += _first_of_each(alike)[:5]

    def height(self):
        return self.PLOT + 62

    def draw(self, x, y):
        every = [p for d in self.drivers for p in self.points[d]]
        self.left, self.top = x + 44, y + 26
        self.width = COLUMN - 44 - 86
        self.keys = [math.log10(k) for k in sorted({k for k, _ in every})]
        steps = [10 ** power * part for power in range(-1, 9)
                 for part in (1, 2, 5)]
        self.low = max(n for n in steps if n <= min(ns for _, ns in every))
        self.high = min(n for n in steps if n >= max(ns for _, ns in every))
        self.steps = [n for n in steps if self.low <= n <= self.high]
        out = [_text(x + 44, y + 11, "get, by how many keys there are", 12,
                     bold=True)] + self._grid()
        places = self._places()
        for i, driver in reversed(list(enumerate(self.drivers))):
            colour = OURS if driver == "ours" else CURVES[i % len(CURVES)]
            out += self._curve(driver, colour, places[driver])
        return out

    def _x(self, keys):
        span = (self.keys[-1] - self.keys[0]) or 1
        part = (math.log10(keys) - self.keys[0]) / span
        return self.left + self.width * part

    def _y(self, ns):
        part = (math.log10(ns / self.low)
                / (math.log10(self.high / self.low) or 1))
        return self.top + self.PLOT * (1 - part)

    def _grid(self):
        out = []
        for ns in self.steps:
            y = self._y(ns)
            out += [_line(self.left, y, self.left + self.width, y),
                    _text(self.left - 6, y + 4, "%g %s" % (
                        (ns, "ns") if ns < 1000 else (ns / 1000, "us")),
                          10, SOFT, "end")]
        for power in self.keys:
            keys = round(10 ** power)
            words = ("%dM" % (keys // 10**6) if keys >= 10**6 else
                     "{:,}".format(keys))
            out.append(_text(self._x(keys), self.top + self.PLOT + 17, words,
                             10, SOFT, "middle"))
        return out

    def _places(self):
        """Where the names stand: at the ends of the lines, 13 apart."""
        ends = sorted((self._y(self.points[d][-1][1]), d)
                      for d in self.drivers)
        places, last = {}, -math.inf
        for y, driver in ends:
            last = max(y, last + 13)
            places[driver] = last
        too_low = max(0, last - (self.top + self.PLOT + 4))
        return {d: y - too_low for d, y in places.items()}

    def _curve(self, driver, colour, place):
        points = [(self._x(k), self._y(n)) for k, n in self.points[driver]]
        ours = driver == "ours"
        return ['<polyline points="%s" fill="none" stroke="%s" '
                'stroke-width="%g" stroke-linejoin="round"/>' % (
                    " ".join("%.1f,%.1f" % p for p in points), colour,
                    3 if ours else 1.6),
                _text(self.left + self.width + 8, place + 4, LABELS[driver],
                      11, colour, bold=ours)]


class Section:
    def __init__(self, name, blocks):
        self.name = name
        self.blocks = blocks

    def height(self):
        return 40 + sum(block.height() for block in self.blocks)

    def draw(self, x, y):
        out = [_text(x, y + 16, self.name, 16, bold=True),
               _line(x, y + 24, x + COLUMN, y + 24, INK, 1.2)]
        y += 36
        for block in self.blocks:
            out += block.draw(x, y)
            y += block.height()
        return out


def _sections(results, cells):
    cells = [c for c in cells if len(results.drivers(c.name)) > 1]
    sections = []
    for name in what.SECTIONS:
        inside = [c for c in cells if c.section == name]
        growing = [c for c in inside
                   if name == what.GROWTH and c.name.startswith("map-get-")]
        blocks = [Group(results, c) for c in inside if c not in growing]
        if len(growing) > 1:
            blocks.append(Curves(results, growing))
        if blocks:
            sections.append(Section(name, blocks))
    return sections


def _columns(sections):
    """The map at the right, and what follows wherever there is room."""
    left = [s for s in sections
            if s.name in (what.QUEUES, what.MESSAGES, what.FUTURES)]
    right = [s for s in sections if s.name == what.MAP]
    for section in sections:
        if section not in left + right:
            shorter = min((left, right),
                          key=lambda c: sum(s.height() for s in c))
            shorter.append(section)
    return [column for column in (left, right) if column]


def _heading(machine):
    out = [_text(MARGIN, 48, "Worker threads, in C, and the others", 24,
                 bold=True),
           _text(MARGIN, 70, "Time of one operation: shorter is better. "
                 "Each group has its own scale.", 12.5, SOFT),
           _text(MARGIN, 88, machine + time.strftime(", %Y-%m-%d"), 11.5,
                 SOFT)]
    x = MARGIN
    for colour, words in ((OURS, "ours"), (PEER, "the best peers"),
                          (OTHER, "spins, or is no OS thread"),
                          (NODE, "Node")):
        out += [_bar(x, 104, 14, 12, colour), _text(x + 20, 114, words, 11.5)]
        x += 46 + 6.6 * len(words)
    out += [_bar(x, 104, 22, 12, PEER),
            _line(x + 8, 115, x + 12, 105, PAPER, 2),
            _line(x + 13, 115, x + 17, 105, PAPER, 2),
            _text(x + 28, 114, "longer than shown", 11.5),
            _text(WIDTH - MARGIN, 114, "2.0\u00d7  takes twice as long as "
                  "ours", 11.5, INK, "end")]
    return out


def draw(results, cells, machine):
    """The picture as text."""
    columns = _columns(_sections(results, cells))
    top = 136
    heights = [sum(s.height() for s in column) for column in columns]
    height = top + max(heights or [0]) + 20
    out = _heading(machine)
    for i, column in enumerate(columns):
        y = top
        for section in column:
            out += section.draw(MARGIN + i * (COLUMN + GAP), y)
            y += section.height()
    return ('<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" '
            'viewBox="0 0 %d %d" font-family="%s">\n<title>Worker threads, '
            'in C, and the others</title>\n%s\n%s\n</svg>\n' % (
                WIDTH, height, WIDTH, height, FONT,
                '<rect width="%d" height="%d" fill="%s"/>' % (
                    WIDTH, height, PAPER), "\n".join(out)))
