"""What is measured: the cells, their words for the tables, and the targets."""

from fnmatch import fnmatchcase
from typing import NamedTuple, Optional, Tuple


class Target(NamedTuple):
    """How many times as long as ours the best peer that counts must take."""

    least: float
    aim: float
    only: Tuple[str, ...] = ()  # peers that count; none: all of the same kind


class Cell(NamedTuple):
    name: str
    section: str
    words: str
    target: Optional[Target] = None
    unit: str = "ns"


QUEUES = "Queues"
MESSAGES = "Messages"
FUTURES = "Futures"
MAP = "Shared map"
GROWTH = "Cost as the work grows"
MEMORY = "Memory"
SECTIONS = (QUEUES, MESSAGES, FUTURES, MAP, GROWTH, MEMORY)

NODE = Target(100, 1000, ("node",))

CELLS = (
    Cell("queue-1:1", QUEUES, "1 sender, 1 receiver", Target(2, 4)),
    Cell("queue-2:2", QUEUES, "2 senders, 2 receivers", Target(2, 4)),
    Cell("queue-4:4", QUEUES, "4 senders, 4 receivers", Target(2, 4)),
    Cell("queue-solo", QUEUES, "send and receive, one thread",
         Target(1.2, 2)),
    Cell("queue-unbuffered", QUEUES, "capacity 0, 1 sender, 1 receiver",
         Target(1.1, 1.6)),
    Cell("queue-select", QUEUES, "1 receiver selects over 2 queues",
         Target(1.5, 3)),
    Cell("pingpong", QUEUES, "there and back, capacity 1",
         Target(0.9, 1.3)),
    Cell("pingpong-unbuffered", QUEUES, "there and back, capacity 0"),
    Cell("port-text", MESSAGES, "a text of 20 characters",
         Target(1.5, 3, ("go", "glib"))),
    Cell("port-number", MESSAGES, "a text formatted with a number"),
    Cell("future-thread", FUTURES, "a task in a thread of its own",
         Target(5, 15)),
    Cell("future-pool", FUTURES, "a task in a pool, one at a time",
         Target(1.2, 2)),
    Cell("future-10000", FUTURES, "10,000 tasks in a pool at once",
         Target(1.2, 2)),
    Cell("map-get-uniform-1", MAP, "get, 1 thread", Target(1.2, 2)),
    Cell("map-get-uniform-2", MAP, "get, 2 threads", Target(1.2, 2)),
    Cell("map-get-zipf-1", MAP, "get of popular keys, 1 thread",
         Target(1.2, 2)),
    Cell("map-get-zipf-2", MAP, "get of popular keys, 2 threads",
         Target(1.2, 2)),
    Cell("map-set-uniform-1", MAP, "set, 1 thread", Target(1.2, 2)),
    Cell("map-set-uniform-2", MAP, "set, 2 threads", Target(1.2, 2)),
    Cell("map-set-zipf-1", MAP, "set of popular keys, 1 thread",
         Target(1.2, 2)),
    Cell("map-set-zipf-2", MAP, "set of popular keys, 2 threads",
         Target(1.2, 2)),
    Cell("map-95/5-2", MAP, "95% get, 5% set, 2 threads", Target(1.2, 2)),
    Cell("map-95/5-4", MAP, "95% get, 5% set, 4 threads", Target(1.2, 2)),
    Cell("map-50/50-2", MAP, "half get, half set, 2 threads",
         Target(1.2, 2)),
    Cell("map-50/50-4", MAP, "half get, half set, 4 threads",
         Target(1.2, 2)),
    Cell("map-insert-1", MAP, "100,000 new keys, 1 thread",
         Target(0.8, 1.1)),
    Cell("map-get-real-2", MAP, "get of reals, 2 threads"),
    Cell("map-set-real-2", MAP, "set of reals, 2 threads"),
    Cell("map-new-key-half", MAP, "a new key and its end, half full"),
    Cell("map-new-key-full", MAP, "a new key, refused by a full map"),
    Cell("map-text-half", MAP, "another text, half full"),
    Cell("map-text-full", MAP, "another text, in a full map"),
    Cell("map-cache-half", MAP, "one key out, another in, half full"),
    Cell("map-cache-full", MAP, "one key out, another in, full"),
    Cell("queue-8:8", GROWTH, "8 senders, 8 receivers"),
    Cell("future-1000-threads", GROWTH, "1,000 tasks, a thread each"),
    Cell("map-get-10", GROWTH, "get, 10 keys"),
    Cell("map-get-100", GROWTH, "get, 100 keys"),
    Cell("map-get-1000", GROWTH, "get, 1,000 keys"),
    Cell("map-get-10000", GROWTH, "get, 10,000 keys"),
    Cell("map-get-100000", GROWTH, "get, 100,000 keys"),
    Cell("map-get-1000000", GROWTH, "get, 1,000,000 keys"),
    Cell("map-get-10000000", GROWTH, "get, 10,000,000 keys"),
    Cell("memory-map-entry", MEMORY, "an entry of 100,000", unit="bytes"),
    Cell("memory-port", MEMORY, "an empty port of an open channel",
         unit="bytes"),
    Cell("memory-future", MEMORY, "a future that waits in a pool",
         unit="bytes"),
    Cell("memory-idle-worker", MEMORY, "a thread that waits for a message",
         unit="bytes"),
)

# Peers with another contract, by driver and cell. They are shown with this
# word, and do not count for the target.
OTHER_CONTRACT = (
    ("boost", "*", "spins"),
    ("go-goroutines", "*", "goroutine"),
    ("go", "future-pool", "goroutine"),
    ("go", "future-10000", "goroutine"),
)

# Peers that promise less, and count nevertheless.
PROMISE_LESS = (
    ("glib", "queue-*", "unbounded"),
    ("glib", "pingpong", "unbounded"),
)

NOTES = {
    "goroutine": "not a thread of the operating system",
    "spins": "never sleeps",
    "unbounded": "a sender never waits",
}

# Where we are behind, know it, and leave it so.
KNOWN_LOSSES = (
    ("go-goroutines", "pingpong*",
     "goroutines change places without the operating system: they win a "
     "ping-pong, and tiny capacities with more threads than cores"),
    ("boost", "queue-*",
     "a ring that only spins, for one sender and one receiver, beats any "
     "queue at which threads sleep"),
    ("boost", "pingpong",
     "a ring that only spins, for one sender and one receiver, beats any "
     "queue at which threads sleep"),
)


def _look_up(table, driver, cell):
    for its_driver, pattern, word in table:
        if driver == its_driver and fnmatchcase(cell, pattern):
            return word
    return ""


def other_contract(driver, cell):
    return _look_up(OTHER_CONTRACT, driver, cell)


def note(driver, cell):
    """The word that stands behind a peer's name in this cell, or ""."""
    return (other_contract(driver, cell)
            or _look_up(PROMISE_LESS, driver, cell))


def known_loss(driver, cell):
    return _look_up(KNOWN_LOSSES, driver, cell)


def counts(driver, cell):
    """Whether the peer counts for the cell's target."""
    if driver.startswith("ours") or driver == "node":
        return False
    if cell.target is not None and cell.target.only:
        return driver in cell.target.only
    return not other_contract(driver, cell.name)


def selected(prefixes):
    """The cells whose names begin with one of the prefixes."""
    wanted = tuple(p.strip() for p in prefixes.split(",") if p.strip())
    return [c for c in CELLS if not wanted or c.name.startswith(wanted)]
