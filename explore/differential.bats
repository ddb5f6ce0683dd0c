#!/usr/bin/env bats
# differential.py: small programs have the same results on the plain library and
# on the fast one; and it has teeth: with a bug in the fast library it fails.

setup() {
    cd "$BATS_TEST_DIRNAME" || exit
    # Building is part of each test, so there is more time than for a program.
    LIMIT=${LIMIT:-$(make -s -C ../1_basic limit)}
    LIMIT="${LIMIT% *} 300"
}

# differential NAME...: of these kinds or programs.
differential() {
    # shellcheck disable=SC2086 # a command and its seconds
    run $LIMIT env SECONDS="${SECONDS_EACH:-0.3}" python3 ./differential.py "$@"
    echo "$output"
}

# finds BUG NAME WORDS...: with the bug this program fails, and only on the fast
# library it has the results that begin with these words. They show in a
# hundredth of a second; the other library is searched for them in vain, for up to
# 88 times as long as SECONDS_EACH.
finds() {
    local bug=$1 name=$2 words
    shift 2
    BUG=$bug SECONDS_EACH=0.05 differential "$name"
    [ "$status" -ne 0 ]
    [[ "$output" = *"FAIL $name "*"0 passed, 1 failed" ]]
    for words in "$@"; do
        grep -q "^    fast only: $words" <<<"$output"
    done
}

# bug FILE OLD NEW: writes a bug for a line of common/.
bug() {
    printf 'Of this test.\n\nfile: %s\nscenario: none\nfinding: none\n--- old\n%s\n--- new\n%s\n' \
        "$1" "$2" "$3" >"$BATS_TEST_TMPDIR/bug.txt"
}

@test "differential: both libraries have the same results" {
    PROGRAMS=3 differential
    [ "$status" -eq 0 ]
    [[ "$output" = *"12 passed, 0 failed" ]]
}

@test "differential: a receive that does not see a close is found" {
    bug queue_operation.c \
        '    return ring_is_closed(ring) ? WAIT_CLOSED : WAIT_TIMED_OUT;' \
        '    return WAIT_TIMED_OUT;'
    finds "$BATS_TEST_TMPDIR/bug.txt" queue:1 deadlock
}

@test "differential: a cancel that succeeds after the task has begun is found" {
    bug future.c \
        '    if (pool ? !pool_begin(pool, future) : !future_begin(future, RUNNER))
        return false;' \
        '    if (pool ? !pool_begin(pool, future) : !future_begin(future, RUNNER))
        return true;'
    finds "$BATS_TEST_TMPDIR/bug.txt" future:2 '-8 1 -1 -2'
}

@test "differential: a pool that runs a task twice is found" {
    finds bugs/pool-begins-without-asking.txt pool:3 crash deadlock
}

@test "differential: an add that is two steps is found" {
    finds bugs/map-adds-in-two-steps.txt map:2 '70 0 0 0{ a: 7, b: 1 }'
}

@test "differential: a bug that does not fit ends it" {
    bug future.c 'no line' 'another line'
    BUG=$BATS_TEST_TMPDIR/bug.txt differential future:2
    [ "$status" -ne 0 ]
    [[ "$output" = *"the old text is there 0 times"* ]]
}
