#!/bin/sh
# doctor.sh, from make doctor: what works on this laptop, the night before. Each
# line begins with
#
#   ok       it was tried, and works
#   without  it is missing and not needed: the line says what replaces it
#   MISSING  it is needed: the line says what to type, and the status is 1
#            (machine.sh)
#
# The tools for make exercise are built on the way, so that its first check is
# quick.
set -u
LC_ALL=C
NO_COLOR=1
export LC_ALL NO_COLOR

work=$ROOT/build/doctor.$$
trap 'rm -rf "$work"' EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM
state=ready

# shellcheck source=tools/workshop/verdict.sh
. "$ROOT/tools/workshop/verdict.sh"
run_seconds=20  # its own are for a verdict

ok() { printf 'ok       %s\n' "$*" | cut -c 1-80; }
without() { echo "without  $1" && say_more "$2"; }
first_line() { sed -n '1p' "$@"; }

compiler() {
    has_compiler || return 1
    # shellcheck disable=SC2086  # several words
    ok "C compiler: $($CC --version 2>/dev/null | first_line | grep . || echo "$CC")"
}

folder() {
    why=$(make_quietly -C "$ROOT" -f tools/make/library.mk plain-path 2>&1 |
        grep '^make test')
    [ -z "$why" ] || without "make test" "$why"
    case $PWD in
    /mnt/[a-z]/*) without "a quick folder" \
        "A Windows drive is slow under WSL: clone the project below your home folder instead (~)." ;;
    esac
}

tools() {
    has_tools &&
        ok "make: $("$MAKE" --version | first_line), and the tools of a POSIX shell"
}

# Beside what is built, since where temporary files are, none may be allowed to
# run.
place_to_work() {
    has_room && has_folders && room_in "${TMPDIR:-/tmp}" "Type: unset TMPDIR" &&
        mkdir -p "$work"
}

# The first lesson, as make run builds it.
threads() {
    if make_quietly -C "$ROOT" -f tools/make/library.mk limit 2>"$work/why" &&
        make_quietly -C 1_basic build/main 2>"$work/why"; then
        runs 1_basic/build/main
        [ "$status" -ne 0 ] || {
            ok "threads: 1_basic was built, and runs"
            return 0
        }
        cp "$work/errors" "$work/why"
        [ -s "$work/why" ] || echo "It ends with status $status." >"$work/why"
    fi
    has_room "$work/why" && missing "threads: 1_basic cannot be built, or does not run" \
        "$(first_error "$work/why" | grep . || first_line "$work/why")"
    return 1
}

bats() {
    if version=$(sh "$ROOT/tools/test.sh" --bats 2>/dev/null); then
        ok "bats, for make test: $version"
    else
        without bats "make test installs it, from the network. Exercises do not need it."
    fi
}

sanitizer() {
    if thread_sanitizer_works; then
        ok "ThreadSanitizer: it saw a data race that is there"
    else
        without ThreadSanitizer "Reason: $why_no_check. $no_sanitizer"
    fi
}

# explored: really runs one, since not every container lets it.
explored() {
    can_explore || return 1
    # shellcheck disable=SC2086  # several words
    "$ROOT/build/time_limit" "$run_seconds" "$MAKE" --silent \
        --no-print-directory $as_it_is -C 1_basic explore OPTIONS="--seconds 2" \
        >"$work/report" 2>"$work/why" </dev/null
    grep -q '^[0-9,]* schedules' "$work/report" && return 0
    why_not="it cannot run here: $(first_line "$work/why")"
    return 1
}

# Where it stands in, what it needs is built here.
explore() {
    if explored; then
        no_sanitizer="Exercises do not need it where explore runs."
        ok "explore: it ran 1_basic under $(sed -n '1s/[,:] .*//p' "$work/report")"
        return
    fi
    has_room "$work/why" || return
    without explore "Reason: $why_not. Exercises are judged by many runs with delays, and ThreadSanitizer."
    no_sanitizer="Exercises are judged by many runs with delays only."
    for variant in delays thread-delays; do
        make_quietly -C "$ROOT" -f tools/make/library.mk library "SAN=$variant" >/dev/null 2>&1
    done
}

folder
tools
if place_to_work && compiler && threads; then
    explore
    sanitizer
fi
bats
echo
if [ "$state" = ready ]; then
    echo "Ready. Type: cd 1_basic && make exercise"
else
    echo "Not ready: install what is MISSING, then type: make doctor"
    exit 1
fi
