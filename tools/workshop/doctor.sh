#!/bin/sh
# doctor.sh, from make doctor: what works on this laptop, the night before. Each
# line begins with
#
#   ok       it was tried, and works
#   without  it is missing and not needed: the line says what replaces it
#   MISSING  it is needed: the line says what to type, and the status is 1
#
# The tools for make exercise are built on the way, so that its first check is
# quick.
set -u
LC_ALL=C
NO_COLOR=1
export LC_ALL NO_COLOR

work=$(mktemp -d) || exit
trap 'rm -rf "$work"' EXIT
run_seconds=20
state=ready

# shellcheck source=tools/workshop/verdict.sh
. "$ROOT/tools/workshop/verdict.sh"

ok() { printf 'ok       %s\n' "$*" | cut -c 1-80; }
say_more() { echo "$*" | fold -s -w 71 | sed 's/^/         /; s/ *$//'; }
without() { echo "without  $1" && say_more "$2"; }
missing() { state=missing && echo "MISSING  $1" && say_more "$2"; }

# to_install DEBIAN FEDORA ALPINE ARCH MACOS: what to type on this system.
to_install() {
    if command -v apt-get; then
        echo "Type: sudo apt install $1"
    elif command -v dnf; then
        echo "Type: sudo dnf install $2"
    elif command -v apk; then
        echo "Type: sudo apk add $3"
    elif command -v pacman; then
        echo "Type: sudo pacman -S $4"
    elif [ "$(uname)" = Darwin ]; then
        echo "Type: $5"
    else
        echo "Install the package $1, which may have another name on your system."
    fi 2>/dev/null | tail -n 1
}

first_line() { sed -n '1p' "$@"; }

compiler() {
    if command -v "${CC:-no-compiler}" >/dev/null 2>&1; then
        ok "C compiler: $("$CC" --version 2>/dev/null | first_line)"
    else
        missing "C compiler" "$(to_install "gcc libc6-dev" gcc \
            "gcc musl-dev" gcc "xcode-select --install")"
        return 1
    fi
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
    lacking=
    for tool in awk cksum cmp cut diff fold grep mktemp sed sort tar; do
        command -v "$tool" >/dev/null 2>&1 || lacking="$lacking $tool"
    done
    if [ -n "$lacking" ]; then
        missing "tools:$lacking" "$(to_install "diffutils gawk tar" \
            "diffutils gawk tar" "diffutils gawk tar" "diffutils gawk tar" \
            "xcode-select --install")"
    else
        ok "make: $("$MAKE" --version | first_line), and the tools of a POSIX shell"
    fi
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
    missing "threads: 1_basic cannot be built, or does not run" \
        "$(first_error "$work/why" | grep . || first_line "$work/why")"
    return 1
}

bats() {
    if version=$("$ROOT/tools/test.sh" --bats 2>/dev/null); then
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
    "$ROOT/build/time_limit" "$run_seconds" "$MAKE" --silent \
        --no-print-directory -C 1_basic explore OPTIONS="--seconds 2" \
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
    without explore "Reason: $why_not. Exercises are judged by many runs with delays, and ThreadSanitizer."
    no_sanitizer="Exercises are judged by many runs with delays only."
    for variant in delays thread-delays; do
        make_quietly -C "$ROOT" -f tools/make/library.mk library "SAN=$variant" >/dev/null 2>&1
    done
}

folder
tools
if compiler && threads; then
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
