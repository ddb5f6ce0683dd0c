"""The machine, and the versions of what is measured on it."""

import glob
import os
import platform
import re
import subprocess
import textwrap
import time

REGISTRY = os.environ.get("CARGO_REGISTRY", "/usr/share/cargo/registry")
BOOST = "/usr/include/boost/version.hpp"


def _first_line(*command):
    try:
        done = subprocess.run(command, text=True, timeout=20,
                              stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip().split("\n")[0] if done.returncode == 0 else ""


def _match(pattern, text):
    found = re.search(pattern, text)
    return found.group(1) if found else ""


def _read(path):
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()
    except OSError:
        return ""


def processor():
    return (_match(r"model name\s*:\s*(.*)", _read("/proc/cpuinfo"))
            or _first_line("sysctl", "-n", "machdep.cpu.brand_string")
            or platform.processor() or platform.machine())


def system():
    name = _match(r'PRETTY_NAME="?([^"\n]*)', _read("/etc/os-release"))
    return ", ".join(filter(None, (
        name, "%s %s" % (platform.system(), platform.release()))))


def compiler(variable, usual):
    words = os.environ.get(variable, usual).split()
    return _first_line(*words, "--version") if words else ""


def _package(name):
    return _first_line("pkg-config", "--modversion", name)


def _crossbeam():
    found = glob.glob(os.path.join(REGISTRY, "crossbeam-channel-[0-9]*"))
    return max(found).rsplit("-", 1)[1] if found else ""


def _boost():
    number = int(_match(r"#define BOOST_VERSION (\d+)", _read(BOOST)) or 0)
    return "%d.%d" % (number // 100000, number // 100 % 1000)


VERSIONS = {
    "glib": lambda: _package("glib-2.0"),
    "urcu": lambda: _package("liburcu"),
    "std": lambda: _match(r"(\d+\.\d+\S*)$", compiler("CXX", "g++")),
    "tbb": lambda: _package("tbb"),
    "boost": _boost,
    "go": lambda: _match(r"go(\d\S*)", _first_line("go", "version")),
    "rust-std": lambda: _match(r"rustc (\S+)",
                               _first_line("rustc", "--version")),
    "rust-crossbeam": _crossbeam,
    "java": lambda: _match(r'"([^"]*)"', _first_line("java", "-version")),
    "node": lambda: _first_line("node", "--version").lstrip("v"),
}


def short():
    """One line for a title."""
    return "%s, %d cores, %s" % (processor(), os.cpu_count(), system())


def about(there, missing):
    """Lines about the machine, the peers that take part, and the others."""
    load = " ".join("%.1f" % n for n in os.getloadavg())
    versions = ", ".join(
        ("%s %s" % (d.label, VERSIONS[d.name]())).strip()
        for d in there if d.name in VERSIONS)
    lines = ["machine   " + short(),
             "compiler  " + compiler("CC", "cc"),
             "peers     " + versions,
             "date      %s, load before it began %s" % (
                 time.strftime("%Y-%m-%d %H:%M"), load)]
    if missing:
        lines.append("skipped   %s (not installed: make bench-deps)" %
                     ", ".join(d.label for d in missing))
    return [part for line in lines for part in textwrap.wrap(
        line, 80, subsequent_indent=" " * 10, break_on_hyphens=False)]
