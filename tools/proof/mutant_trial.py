"""Builds a mutant and tries it with the tests. Used by mutants.py."""

import fnmatch
import glob
import math
import os
import shutil
import subprocess
import threading
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
CC = os.environ.get("CC", "cc")
FLAGS = "-std=gnu11 -pthread -w -Icommon -Itests/kit".split()

# How the tests are built, and how much longer than usual one may take.
VARIANTS = {
    "plain": (["-O2"], 20),
    "address": (["-O1", "-fsanitize=address,undefined",
                 "-fno-sanitize-recover=all"], 60),
    "thread": (["-O1", "-fsanitize=thread"], 100),
}
# Built in a way of its own, with a seam in every store: left out.
SPECIAL = ["shared_map_crashes"]
# Other ways to see that two texts are the same program.
OTHER_COMPILERS = [[CC, "-O3"], [CC, "-Os"], ["clang", "-O2"]]

# Which test programs a file's mutants are tried with: the first line that fits.
PROGRAMS = [
    ("siphash.* map_* shared_* atomic_words.* tagged_value.*",
     "map_* shared_map* shared_file ends"),
    ("*_report.* deadlock*", "stuck*"),
    ("queue*", "queue* stuck_silent signal_handlers ends"),
    ("future* thread_cache.*", "future* pool* stuck_silent ends"),
    ("pool.*", "pool* stuck* ends"),
    ("channel.* message_chain.* port_*", "channel* port_* ends"),
    ("worker_threads.*", "worker_* stuck* ends"),
    ("wait_list.* list.*", "queue* atomics pool* future_threads"),
    ("atomics.*", "atomics signal_handlers stuck* ends"),
    ("deadline.*", "deadline wait channel_waits queue queue_waiting atomics"),
    ("spin.*", "spin priorities wait queue queue_load queue_waiting channel future_await"),
    ("fork.*", "*_fork *_fork_load future_process stuck_end"),
    ("os_process.*", "signal_handlers process one_core stuck* wait worker_* future_threads "
     "future_process"),
    ("os.* os_*", "wait* shared_lock file signal_handlers priorities worker_* future_threads future_process "
                  "shared_map_kills die channel_waits atomics "
                  "queue_sleepers value shared_map shared_map_room"),
    ("die.*", "die die_ends sizes port_misuse future"),
    ("call_site.* names.* trace_* base.* lock_annotations.* "
     "cache_line.*", "ends die call_site port_misuse"),
    ("text.* value.*", "value future shared_map_print port_text channel die"),
]


def fits(name, patterns):
    name = os.path.basename(name)
    return any(fnmatch.fnmatch(name, p) for p in patterns.split())


def library_files():
    return glob.glob("common/*.h") + glob.glob("common/*/*.[ch]")


def test_sources():
    """By the name of the test program."""
    return {os.path.basename(path)[len("test_"):-2]: path
            for path in glob.glob("tests/*/test_*.c")}


def missing_patterns():
    """A file or a program that was renamed must not be left out in silence."""
    files, programs = library_files(), test_sources()
    missing = []
    for names, lines in zip((files, programs), zip(*PROGRAMS)):
        missing += [pattern for pattern in " ".join(lines).split()
                    if not any(fits(name, pattern) for name in names)]
    return missing + ["no tests for " + file for file in files
                      if not any(fits(file, line) for line, _ in PROGRAMS)]


def programs_of(file, all_programs):
    patterns = next(tests for files, tests in PROGRAMS if fits(file, files))
    return [p for p in all_programs if fits(p, patterns)]


def run(command, directory, **more):
    return subprocess.run(command, cwd=directory, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          errors="replace", **more)


def must_run(command, directory):
    done = run(command, directory)
    if done.returncode != 0:
        raise RuntimeError("%s\n%s" % (" ".join(command), done.stdout))
    return done.stdout


def read(path):
    with open(path, "rb") as file:
        return file.read()


class Base:
    """The library and its tests as they are, built once for each variant."""

    def __init__(self, work):
        self.work = work
        self.source = work + "/source"
        for folder in "common", "tests", "tools":
            shutil.copytree(ROOT + "/" + folder, self.source + "/" + folder)
        self.limit = work + "/time_limit"
        must_run([CC, "-O", "-o", self.limit, "tools/time_limit.c"],
                 self.source)
        os.chdir(self.source)
        self.library = sorted(glob.glob("common/*/*.c"))
        self.sources = test_sources()
        self.programs = [p for p in sorted(self.sources) if p not in SPECIAL]
        if missing_patterns():
            raise RuntimeError("mutant_trial.py names what there is not: " +
                               ", ".join(missing_patterns()))
        self.needs = {}  # of each C file, what it includes
        self.tests = {}  # of each program
        self.seconds = {}  # of each (program, test) of the plain variant
        self.passes = {}  # of each (variant, program, test)
        self.built = set()
        self.lock = threading.RLock()

    def object(self, variant, source):
        return "%s/%s/%s.o" % (self.work, variant, os.path.basename(source)[:-2])

    def compile(self, variant, source, directory, to, first=()):
        command = [*(first or [CC, *VARIANTS[variant][0]]), *FLAGS, "-c", "-o",
                   to, source]
        return run(command, directory).returncode == 0

    def build(self, variant):
        with self.lock:
            if variant in self.built:
                return
            os.makedirs(self.work + "/" + variant)
            for source in [*self.library, "tests/kit/test.c"]:
                self.compile(variant, source, self.source,
                             self.object(variant, source))
            must_run(["ar", "-crs", "%s/%s/all.a" % (self.work, variant)] +
                     [self.object(variant, s) for s in self.library],
                     self.source)
            self.built.add(variant)

    def included_by(self, source):
        if source not in self.needs:
            words = must_run([CC, *FLAGS, "-MM", source], self.source).split()
            self.needs[source] = {os.path.basename(w) for w in words[1:]
                                  if w != "\\"}
        return self.needs[source]

    def link(self, variant, program, objects, to):
        source = self.sources[program]
        own = self.included_by(source)  # some bring a file of the library
        main = self.object(variant, source)
        with self.lock:
            if not os.path.exists(main):
                self.compile(variant, source, self.source, main)
        linked = [self.object(variant, "test.c")]
        for o in objects:
            name = os.path.basename(o)
            if name == os.path.basename(main):
                main = o
            elif not name.startswith("test_") and name[:-2] + ".c" not in own:
                linked.append(o)
        return run([CC, *FLAGS, *VARIANTS[variant][0], "-o", to, main, *linked,
                    "%s/%s/all.a" % (self.work, variant)],
                   self.source).returncode == 0

    def run_test(self, variant, binary, test):
        """Returns whether it passes, and how long that took."""
        usual = self.seconds.get(test, 1)
        most = 2 + math.ceil(usual * VARIANTS[variant][1])
        memory = "ulimit -c 0;" + \
            ("ulimit -d 4000000;" if variant == "plain" else "")
        begin = time.monotonic()
        done = run(["sh", "-c", memory + 'exec "$@"', "sh", self.limit,
                    str(most), binary, test[1]], self.work)
        return done.returncode in (0, 77), time.monotonic() - begin

    def passes_unchanged(self, variant, test):
        """A test that fails without a mutant proves nothing."""
        key = (variant, *test)
        with self.lock:
            if key not in self.passes:
                binary = self.program(variant, test[0])
                self.passes[key], took = self.run_test(variant, binary, test)
                if variant == "plain":
                    self.seconds[test] = took
            return self.passes[key]

    def program(self, variant, name):
        binary = "%s/%s/%s" % (self.work, variant, name)
        if not os.path.exists(binary):
            self.link(variant, name, [], binary)
        return binary

    def tests_of(self, program):
        with self.lock:
            if program not in self.tests:
                listed = must_run([self.program("plain", program)], self.work)
                self.tests[program] = [(program, line.split("\t")[0])
                                       for line in listed.splitlines()]
                for test in self.tests[program]:
                    self.passes_unchanged("plain", test)
            return self.tests[program]


class Job:
    """One thread's scratch copy, and what it does with a mutant."""

    def __init__(self, base, explore, number, kills, budget):
        self.base, self.explore = base, explore
        self.kills, self.budget = kills, budget
        self.directory = "%s/job%d" % (base.work, number)
        shutil.copytree(base.source, self.directory)
        self.output = self.directory + "/output"

    def try_mutant(self, mutant):
        path = "%s/%s" % (self.directory, mutant.file)
        text = read(path).decode()
        with open(path, "w") as file:
            file.write(mutant.apply(text))
        try:
            return self.verdict(mutant)
        finally:
            with open(path, "w") as file:
                file.write(text)
            shutil.rmtree(self.output, ignore_errors=True)

    def verdict(self, mutant):
        programs = programs_of(mutant.file, self.base.programs)
        sources = [s for s in self.base.library +
                   [self.base.sources[p] for p in programs]
                   if os.path.basename(mutant.file) in self.base.included_by(s)]
        if mutant.is_order:
            return self.verdict_on_order(mutant, programs, sources)
        for variant in VARIANTS if self.budget > 0 else ["plain"]:
            self.base.build(variant)
            objects = self.compile(variant, sources)
            if objects is None:
                return "invalid", ""
            if variant == "plain" and all(
                    self.is_unchanged(o, s) for o, s in zip(objects, sources)):
                return "equivalent", "the same code"
            killer = self.find_killer(variant, mutant, programs, objects,
                                      self.budget)
            if killer:
                return "killed", "%s: %s %s" % (variant, *killer)
            if variant == "plain" and self.is_same_elsewhere(mutant, sources):
                return "equivalent", "the same code of another compiler"
        return self.verdict_of_explore(mutant, sources)

    def verdict_of_explore(self, mutant, sources):
        """Only the library's own sources: the scenarios include no mutant."""
        if self.explore.is_there():
            scenario = self.explore.find_killer(
                mutant, self.directory,
                [s for s in sources if s in self.base.library],
                self.output + "/explore")
            if scenario:
                return "killed", "explore: " + scenario
        return "survived", ""

    def verdict_on_order(self, mutant, programs, sources):
        verdict = self.verdict_of_explore(mutant, sources)
        if verdict[0] == "survived":
            self.base.build("thread")
            objects = self.compile("thread", sources)
            if objects is None:
                return "invalid", ""
            killer = self.find_killer("thread", mutant, programs, objects,
                                      10 * self.budget)
            if killer:
                return "killed", "thread: %s %s" % killer
        return verdict

    def compile(self, variant, sources, first=()):
        directory = "%s/%s" % (self.output, variant)
        os.makedirs(directory, exist_ok=True)
        objects = ["%s/%s.o" % (directory, os.path.basename(s)[:-2])
                   for s in sources]
        for source, to in zip(sources, objects):
            if not self.base.compile(variant, source, self.directory, to,
                                     first):
                return None
        return objects

    def is_unchanged(self, o, source):
        unchanged = self.base.object("plain", source)
        if not os.path.exists(unchanged):
            self.base.compile("plain", source, self.base.source, unchanged)
        return read(o) == read(unchanged)

    def is_same_elsewhere(self, mutant, sources):
        for compiler in OTHER_COMPILERS:
            if len(sources) > 3 or not shutil.which(compiler[0]):
                continue
            theirs = self.compile("other", sources, compiler)
            for source, o in zip(sources, theirs or []):
                unchanged = o + ".unchanged"
                self.base.compile("other", source, self.base.source, unchanged,
                                  compiler)
                if read(o) != read(unchanged):
                    break
            else:
                return theirs is not None
        return False

    def find_killer(self, variant, mutant, programs, objects, budget):
        tests = [t for p in programs for t in self.base.tests_of(p)]
        tests.sort(key=lambda t: (-self.kills[mutant.file][t],
                                  self.base.seconds[t]))
        end = time.monotonic() + budget
        for test in tests:
            if variant != "plain" and time.monotonic() > end:
                break
            binary = "%s/%s/run_%s" % (self.output, variant, test[0])
            if not os.path.exists(binary) and not self.base.link(
                    variant, test[0], objects, binary):
                return test[0], "does not link"
            if (not self.base.run_test(variant, binary, test)[0]
                    and self.base.passes_unchanged(variant, test)):
                self.kills[mutant.file][test] += 1
                return test
        return None
