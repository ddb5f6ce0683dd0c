# For the test.bats of a lesson: what its programs print. Each is built and run
# as a reader does it, under a time limit that kills it with its children.
# shellcheck shell=bash

# shellcheck source=tools/workshop/explored.bash
. "${BASH_SOURCE[0]%/*}/explored.bash"

setup_file() {
    cd "$BATS_TEST_DIRNAME" || exit
    make --silent programs
    LIMIT=$(make --silent limit)
    export LIMIT
}

setup() {
    cd "$BATS_TEST_DIRNAME" || exit
    [ -z "${PLAIN:-}" ] || skip_unless_plain "$BATS_TEST_DIRNAME/../tests/plain.txt"
}

# skip_unless_plain LIST: skips a test that the list leaves out, and says why.
skip_unless_plain() {
    reason=$(grep -F "bats $BATS_TEST_DESCRIPTION: " "$1") || return 0
    skip "${reason##*: }"
}

# writes FILE COMMAND...: the command ends with status 0, prints what is in the
# file, byte for byte, and says nothing on stderr.
writes() {
    $LIMIT "${@:2}" >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err"
    diff "$1" "$BATS_TEST_TMPDIR/out"
    diff /dev/null "$BATS_TEST_TMPDIR/err"
}

# prints PROGRAM FILE: so does the program.
prints() {
    writes "$2" make --silent "run-$1"
}

# always_prints TIMES PROGRAM FILE: the same every time. make is asked only once
# how the program is run.
always_prints() {
    read -ra command < <(make --silent --dry-run "run-$2")
    for ((i = 0; i < $1; i++)); do writes "$3" "${command[@]}"; done
}
