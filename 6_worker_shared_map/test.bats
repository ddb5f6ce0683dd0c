#!/usr/bin/env bats
# What the programs here print. Each is built and run as a reader does it, under
# a time limit that kills it with its children.

common=$BATS_TEST_DIRNAME/common  # in a folder that was packed
[ -d "$common" ] || common=$BATS_TEST_DIRNAME/../common
# shellcheck source=common/tools/explored.bash
. "$common/tools/explored.bash"

setup_file() {
    cd "$BATS_TEST_DIRNAME" || exit
    make --silent programs
    LIMIT=$(make --silent limit)
    WHY_NOT_EXPLORE=$(why_not_explore)
    export LIMIT WHY_NOT_EXPLORE
}

setup() {
    cd "$BATS_TEST_DIRNAME" || exit
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

@test "6_worker_shared_map: main prints what it should" {
    prints main expected.txt
}

@test "6_worker_shared_map: main prints the same in 50 runs" {
    always_prints 50 main expected.txt
}

@test "6_worker_shared_map: wallet prints what it should" {
    prints wallet expected_wallet.txt
}

@test "6_worker_shared_map: wallet prints the same in 50 runs" {
    always_prints 50 wallet expected_wallet.txt
}

# In none of these has ThreadSanitizer anything to say: writes wants no word on
# stderr, and make tsan runs it too.
@test "6_worker_shared_map: bank is right when run, and ThreadSanitizer says nothing" {
    prints bank expected_bank.txt
}

@test "6_worker_shared_map: bank_add prints the same in 50 runs" {
    always_prints 50 bank_add expected_bank_add.txt
}

@test "6_worker_shared_map: bank_update prints the same in 50 runs" {
    always_prints 50 bank_update expected_bank_update.txt
}

@test "6_worker_shared_map: bank_loss loses nothing but by get and set" {
    run $LIMIT make --silent run-bank_loss
    echo "$output"
    [ "$status" -eq 0 ]
    diff -b expected_bank_loss.txt <(sed -E '/^get and set/s/ +-?[0-9]+(,|:| of)/ <n>\1/g' <<<"$output")
}

@test "6_worker_shared_map: explore finds what bank loses, and replay shows it again" {
    explores PROGRAM=bank OPTIONS="--one-output --seconds 16"
    [ "$status" -ne 0 ]
    [[ ${lines[0]} == *" schedules, all of them with at most 2 preemptions: 4 outputs" ]]
    readme_shows "make explore PROGRAM=bank"
    schedule=$(schedule_of "{ alice: 0, bob: 1 }")
    [ -n "$schedule" ]
    for ((i = 0; i < 3; i++)); do
        LC_ALL=C.UTF-8 run $LIMIT make --silent replay PROGRAM=bank SCHEDULE="$schedule" OPTIONS=--brief
        echo "$output"
        # Between a get and its set comes the other worker.
        [[ $output == *" W1 "*"bank.c:9 "*" W2 "*"bank.c:11 "*" W1 "*"bank.c:11 "* ]]
        [[ $output == *$'\nIt prints:\n{ alice: 0, bob: 1 }\n'* ]]
        # The README draws such a run.
        [[ $(<README.md) == *"${output#*It prints:}"* ]]
    done
}

@test "6_worker_shared_map: bank_add holds in every schedule, and so does bank_update" {
    holds bank_add
    readme_shows "make explore PROGRAM=bank_add"
    holds bank_update
}
