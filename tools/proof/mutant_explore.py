"""Runs a mutant under many schedules: explore/ with its scenarios. Used by
mutants.py, for what no test has killed, and for memory orders."""

import fnmatch
import glob
import os
import subprocess
import threading

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
COMMON = ROOT + "/common"
CC = os.environ.get("CC", "cc")

# Which scenarios a file's mutants are tried with: the first line that fits.
SCENARIOS = [
    ("siphash.* map_* shared_* atomic_words.* tagged_value.*", "map_*"),
    ("queue_select*", "select* queue_no_size*"),
    ("queue*", "queue_* select*"),
    ("pool*.*", "pool_*"),
    ("future* thread_cache.*", "future_* pool_*"),
    ("channel.* message_chain.* port_*", "port_* worker_*"),
    ("worker_threads.*", "worker_*"),
    ("atomics.*", "atomics_*"),
    ("wait_list.*", "wait_list_* queue_* select* atomics_*"),
    ("os.*", "lock_* waiter_* wait_list_* atomics_*"),
    ("spin.*", "waiter_spins* queue_large*"),
]


def missing_scenarios():
    """A scenario that was renamed must not be left out in silence."""
    scenarios = [os.path.basename(path)[:-2]
                 for path in glob.glob(ROOT + "/explore/scenarios/*.c")]
    return [pattern for _, patterns in SCENARIOS for pattern in patterns.split()
            if not fnmatch.filter(scenarios, pattern)]


def run(command, directory):
    return subprocess.run(command, cwd=directory, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          errors="replace")


def must_run(command, directory):
    done = run(command, directory)
    if done.returncode != 0:
        raise RuntimeError("%s\n%s" % (" ".join(command), done.stdout))
    return done.stdout


class Explore:
    def __init__(self, work, scenarios, seconds):
        self.folder = ROOT + "/explore"
        self.work, self.seconds = work + "/explore", seconds
        self.sources = {}
        self.passes = {}
        for source in sorted(glob.glob(scenarios + "/*.c")):
            self.sources[os.path.basename(source)[:-2]] = source
        self.ready = False
        self.lock = threading.RLock()

    def is_there(self):
        return bool(self.sources) and os.path.exists(self.folder + "/main.c")

    def prepare(self):
        """Builds the tool, and the library as it is."""
        os.makedirs(self.work)
        must_run(["make", "-s", "build/wrapped"], self.folder)
        tool = self.folder + "/build/"
        self.tool, self.wrapped = tool + "explore", "@" + tool + "wrapped"
        flags = must_run(["make", "-s", "-f", "tools/make/library.mk", "SAN=explore",
                          "print", "--eval=print: ; @echo $(SANITIZER_explore)"], ROOT)
        self.flags = [CC, "-std=gnu11", "-pthread", "-w", "-O2", "-g", "-Icommon",
                      *flags.split()]
        library = sorted(glob.glob(COMMON + "/*/*.c"))
        for source in library:
            self.compile(source)
        must_run(["ar", "-crs", "all.a"] + [self.object(s) for s in library],
                 self.work)
        self.ready = True

    def compile(self, source):
        must_run([*self.flags, "-I" + COMMON, "-c", source, "-o",
                  self.object(source)], self.work)

    def object(self, source):
        return "%s/%s.o" % (self.work, os.path.basename(source)[:-2])

    def scenarios_of(self, file):
        patterns = next((names for files, names in SCENARIOS if
                         any(fnmatch.fnmatch(os.path.basename(file), f) for f in files.split())),
                        "")
        return [s for s in self.sources
                if any(fnmatch.fnmatch(s, p) for p in patterns.split())]

    def passes_all(self, scenario, objects, to):
        """Whether the scenario comes out right under all schedules tried."""
        main = self.object(self.sources[scenario])
        with self.lock:
            if not os.path.exists(main):
                self.compile(self.sources[scenario])
        done = run([CC, "-shared", "-o", to, main, *objects,
                    self.work + "/all.a", self.wrapped, "-Wl,-Bsymbolic",
                    "-Wl,-z,now", "-nodefaultlibs", "-lc"], self.work)
        if done.returncode != 0:
            return False
        # With --schedules it also goes on at random until the time is over:
        # some weak orders need three preemptions.
        done = run([self.work + "/../time_limit", "30", self.tool, to,
                    "--seconds", str(self.seconds), "--schedules", "1",
                    "--stop", "--brief", "--one-output"], self.work)
        return done.returncode == 0

    def passes_unchanged(self, scenario):
        """A test that fails without a mutant proves nothing."""
        with self.lock:
            if scenario not in self.passes:
                self.passes[scenario] = self.passes_all(
                    scenario, [], "%s/%s.so" % (self.work, scenario))
            return self.passes[scenario]

    def find_killer(self, mutant, directory, sources, output):
        """`sources` are what the mutant changes, in this directory."""
        with self.lock:
            if not self.ready:
                self.prepare()
        os.makedirs(output, exist_ok=True)
        objects = ["%s/%s.o" % (output, os.path.basename(s)[:-2])
                   for s in sources]
        for source, to in zip(sources, objects):
            if run([*self.flags, "-c", source, "-o", to],
                   directory).returncode != 0:
                return None
        for scenario in self.scenarios_of(mutant.file):
            to = "%s/%s.so" % (output, scenario)
            if not self.passes_all(scenario, objects, to):
                if self.passes_unchanged(scenario):
                    return scenario
        return None
