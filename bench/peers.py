"""The drivers: where they are, and how one is run under a time limit."""

import os
import signal
import subprocess
import sys
from typing import NamedTuple, Tuple

from cells import CELLS

HERE = os.path.dirname(os.path.abspath(__file__))
NO_SUCH_CELL = 77
ALL_CELLS = {c.name for c in CELLS}


class Driver(NamedTuple):
    name: str
    label: str
    command: Tuple[str, ...]
    built: str  # this file is there when the driver is, below bench/
    needs: str  # what to install when it is not
    suffix: str = ""  # of its cells' names, when it is a variant of a driver


def _program(name, label, needs):
    path = os.path.join("build", name)
    return Driver(name, label, (os.path.join(HERE, path),), path, needs)


DRIVERS = (
    _program("ours", "ours", "gcc"),
    _program("pthreads", "pthreads", "gcc"),
    _program("glib", "GLib", "libglib2.0-dev"),
    _program("urcu", "liburcu", "liburcu-dev"),
    _program("std", "C++ std", "g++"),
    _program("tbb", "oneTBB", "libtbb-dev"),
    _program("boost", "Boost spsc", "libboost-dev"),
    _program("go", "Go", "golang-go"),
    _program("go-goroutines", "goroutines", "golang-go"),
    _program("rust-std", "Rust std", "rustc"),
    _program("rust-crossbeam", "crossbeam", "librust-crossbeam-channel-dev"),
    Driver("java", "Java", ("java", "-cp", "build/java", "Bench"),
           "build/java/Bench.class", "default-jdk-headless"),
    Driver("java-executor", "Java executor",
           ("java", "-Dpool=executor", "-cp", "build/java", "Bench"),
           "build/java/Bench.class", "default-jdk-headless"),
    Driver("node", "Node", ("node", "node/bench.js"),
           "build/node", "nodejs npm"),
)

LABELS = {d.name: d.label for d in DRIVERS}  # and of the variants, once seen


class Outcome(NamedTuple):
    number: float  # of nanoseconds or bytes, when word is ""
    word: str      # "DNF", "wrong", or "none" for a cell that it has not
    message: str   # what the driver said about it


def installed():
    """The drivers that are built, and those that are not."""
    there = [d for d in DRIVERS
             if os.path.exists(os.path.join(HERE, d.built))]
    return there, [d for d in DRIVERS if d not in there]


def who_has_what(names, drivers, limit):
    """For each cell, the drivers that have it: [(cell name, [drivers])].

    A driver may have a cell more than once: "map-95/5-2-rwlock" is the cell
    map-95/5-2 of a variant of it, which takes part like another driver.
    """
    having = {name: [] for name in names}
    for driver in drivers:
        all_offered = _cells_of(driver, limit)
        if not all_offered:
            sys.stderr.write("skipped: %s (does not run)\n" % driver.label)
        for offered in all_offered:
            name = _cell_of(offered, names)
            if name:
                having[name].append(_variant(driver, offered[len(name):]))
    return [(name, who) for name, who in having.items() if who]


def _cells_of(driver, limit):
    """The names of the cells that it has; empty when it does not run."""
    status, out, _ = _run(driver.command + ("--cells",), limit)
    return out.split() if status == 0 else []


def _cell_of(offered, names):
    """The cell itself, or else the longest that it is a variant of."""
    if offered in ALL_CELLS:
        return offered if offered in names else ""
    fitting = [n for n in names if offered.startswith(n + "-")]
    return max(fitting, key=len, default="")


def _variant(driver, suffix):
    if not suffix:
        return driver
    variant = driver._replace(
        name=driver.name + suffix, suffix=suffix,
        label=driver.label + suffix.replace("-", " "))
    LABELS.setdefault(variant.name, variant.label)
    return variant


def base(name):
    """The name of the driver that this is, or is a variant of."""
    return max((d.name for d in DRIVERS if name.startswith(d.name)), key=len)


def run(driver, cell, limit):
    """Runs one cell once."""
    status, out, err = _run(driver.command + (cell + driver.suffix,), limit)
    message = err.strip()[-300:]
    if status is None:
        return Outcome(0, "DNF", "not finished after %g s" % limit)
    if status == NO_SUCH_CELL:
        return Outcome(0, "none", message)
    try:
        number = float(out)
    except ValueError:
        return Outcome(0, "wrong", message or "no number")
    if status != 0 or not 0 <= number < float("inf"):
        return Outcome(0, "wrong", message or "exit status %d" % status)
    return Outcome(number, "", "")


def _run(command, limit):
    """Its exit status (None: it was killed), stdout and stderr."""
    try:
        process = subprocess.Popen(
            command, cwd=HERE, text=True, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            start_new_session=True)
    except OSError as error:
        return 127, "", str(error)
    try:
        out, err = process.communicate(timeout=limit)
        return process.returncode, out, err
    except subprocess.TimeoutExpired:
        return None, "", ""
    finally:
        _kill(process)


def _kill(process):
    """Ends it and its children, also when we are interrupted."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        pass  # all have ended
    if process.poll() is None:
        process.wait()
    process.stdout.close()
    process.stderr.close()
