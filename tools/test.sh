#!/bin/sh
# test.sh FILE...
#
# Runs bats files, and counts: it fails when a test fails, and also when fewer
# tests ran than there are. Its last line is "N passed, N failed". If bats is
# missing, it gets it: from the system's package manager if it may, otherwise as
# the npm package, which goes below build/.
#
# With FILTER only the bats tests with a name that matches that regular
# expression. The files in BESIDE run at the same time as the others, and are
# shown after them: for tests that work in a copy of the project.
#
# A file that does not end in .bats is a program of tests/. run_tests runs
# its tests without bats, $JOBS at once, behind $LIMIT and $RUNNER. Those that
# the list $LEFT_OUT names are left out, and shown.
#
# test.sh --bats prints which version is here, and fails if none is. test.sh
# --get-bats gets it, or says what to type: that comes before a long build.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
own_bats=$here/../build/node_modules/bats/bin/bats
run_tests=$here/../build/run_tests
report=$(mktemp -d)
log=$report/log
TMPDIR=$report  # of the tests too, so that all of it goes
export TMPDIR
beside=
# What runs in the background does not hear of ctrl-C; time_limit ends it.
# shellcheck disable=SC2317  # the trap calls it
clean_up() {
    set +e
    [ -z "$beside" ] || { kill "$beside" && wait "$beside"; } 2>/dev/null
    # bats may still be writing there: it is no child of ours, to be waited for.
    for try in 1 2 3 4 5; do
        rm -rf "$report" 2>/dev/null && break
        sleep "$try"
    done
}
trap clean_up EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

# Version 1.8.2 or newer. The version of another is left in too_old.
usable() {
    command -v "$1" >/dev/null 2>&1 || return 1
    version=$("$1" --version 2>/dev/null) || return 1
    echo "$version" | awk '
        { split($2, v, "."); n = v[1] * 1000000 + v[2] * 1000 + v[3] }
        END { exit !(n >= 1008002) }' && return 0
    too_old=$version
    return 1
}
too_old=

as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo -n "$@"; fi
}

with_system() {
    if command -v apt-get; then
        as_root apt-get update && as_root apt-get install -y bats
    elif command -v dnf; then
        as_root dnf install -y bats
    elif command -v apk; then
        as_root apk add bats
    elif command -v pacman; then
        as_root pacman -S --noconfirm bats
    elif command -v brew; then
        brew install bats-core
    else
        return 1
    fi
}

with_npm() {
    command -v npm && npm install --fetch-retries=1 --prefix "$here/../build" bats
}

find_bats() {
    for bats in "${WITH_BATS:-bats}" "$own_bats"; do
        if usable "$bats"; then return 0; fi
    done
    return 1
}

# From the system, or from npm where that has an old one only. The last line of
# theirs that tells of an error is enough.
get_bats() {
    if [ -n "$too_old" ]; then
        echo "$too_old is too old: getting a newer bats." >&2
    else
        echo "bats is missing: getting it." >&2
    fi
    with_system >"$log" 2>&1 </dev/null && find_bats && return 0
    with_npm >>"$log" 2>&1 </dev/null && find_bats && return 0
    awk '/[Ee]rror|^E: |required|ERR!/ { said = $0 }
        END { if (said) print said }' "$log" >&2
    if [ -n "$too_old" ]; then
        echo "The tests need bats 1.8.2 or newer, and $too_old is here: type" \
            "\"npm install -g bats\" (npm comes with node.js)." >&2
    else
        echo "The tests need bats 1.8.2 or newer: type \"sudo apt install bats\"," \
            "\"brew install bats-core\" or \"npm install -g bats\"." >&2
    fi
    return 1
}

# The makes in tests are none of the make that runs them. It has exported its
# variables to them.
unset MAKEFLAGS MFLAGS MAKELEVEL

# Adds what the last line of the file counts to what was counted so far.
add_last_line() {
    counted=$(tail -n 1 "$1" | sed -nE \
        's/^([0-9]+) passed, ([0-9]+) failed(, ([0-9]+) skipped)?$/\1 \2 \4/p')
    # shellcheck disable=SC2086  # three words
    set -- ${counted:-0 1}
    passed=$((passed + $1))
    failed=$((failed + $2))
    skipped=$((skipped + ${3:-0}))
}

run_programs() {
    # shellcheck disable=SC2086  # these are several words each
    "$run_tests" -j "${JOBS:-2}" ${LEFT_OUT:+-x "$LEFT_OUT"} $LIMIT ${RUNNER:-} -- "$@" 2>&1 | tee "$log" |
        awk '!/^[0-9]+ passed, / { print; fflush() }'
    add_last_line "$log"
    [ "$failed" -eq 0 ] || status=1
}

run_bats() {
    find_bats || get_bats
    export WITH_BATS="$bats"  # for tests that run tests

    [ -z "${FILTER:-}" ] || set -- --filter "$FILTER" "$@"
    planned=$("$bats" --count "$@")
    # On such a terminal too, bats would move the cursor.
    [ "${TERM-}" != dumb ] || set -- --formatter tap "$@"
    "$bats" --report-formatter tap --output "$report" "$@" || status=$?
    ok=$(grep -c '^ok' "$report/report.tap" || true)
    not_ok=$(grep -c '^not ok' "$report/report.tap" || true)
    skips=$(grep -c '^ok.* # skip' "$report/report.tap" || true)
    missing=$((planned - ok - not_ok))
    if [ "$planned" -eq 0 ] || [ "$missing" -ne 0 ]; then
        echo "$missing of $planned tests did not run." >&2
        status=1
    fi
    passed=$((passed + ok - skips))
    failed=$((failed + not_ok + missing))
    skipped=$((skipped + skips))
}

case $1 in
--bats)
    find_bats && "$bats" --version
    exit
    ;;
--get-bats)
    find_bats || get_bats
    exit
    ;;
esac

passed=0
failed=0
skipped=0
status=0
if [ -n "${BESIDE:-}" ]; then
    find_bats || get_bats
    # shellcheck disable=SC2086  # several words
    env BESIDE= ${LIMIT:+${LIMIT% *} 36000} sh "$0" $BESIDE >"$report/beside" 2>&1 &
    beside=$!
fi
programs=
for file in "$@"; do
    shift
    case $file in
    *.bats) set -- "$@" "$file" ;;
    *) programs="$programs $file" ;;
    esac
done
# shellcheck disable=SC2086  # several words
[ -z "$programs" ] || run_programs $programs
[ $# -eq 0 ] || run_bats "$@"
if [ -n "${BESIDE:-}" ]; then
    wait
    beside=
    sed '$d' "$report/beside"
    add_last_line "$report/beside"
    [ "$failed" -eq 0 ] || status=1
fi

[ $((passed + failed + skipped)) -gt 0 ] || status=1
echo "$passed passed, $failed failed$([ "$skipped" -eq 0 ] || echo ", $skipped skipped")"
exit "$status"
