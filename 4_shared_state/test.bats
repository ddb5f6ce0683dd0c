#!/usr/bin/env bats
# The output of the programs here.

root=$BATS_TEST_DIRNAME  # in a folder that was packed
[ -d "$root/tools" ] || root=$BATS_TEST_DIRNAME/..
load "$root/tools/workshop/lesson"

@test "4_shared_state: main prints what it should" {
    prints main expected.txt
}

@test "4_shared_state: main prints the same in 50 runs" {
    always_prints 50 main expected.txt
}

@test "4_shared_state: view prints what it should" {
    # The high byte first: the same four bytes read differently.
    prints view "expected_view${BIG_ENDIAN:+_big_endian}.txt"
}

@test "4_shared_state: locking prints what it should" {
    prints locking expected_locking.txt
}

@test "4_shared_state: locking prints the same in 50 runs" {
    always_prints 50 locking expected_locking.txt
}

@test "4_shared_state: race is right when run, and ThreadSanitizer warns of it" {
    if [ "${SAN-}" != thread ]; then
        prints race expected_race.txt
        return
    fi
    # shellcheck disable=SC2153 # lesson.bash sets it
    run $LIMIT make --silent run-race
    echo "$output"
    [ "$status" -ne 0 ]
    [[ $output == *"WARNING: ThreadSanitizer: data race"*" add_one "*"race.c:10"* ]]
    [[ $output == *"counted to "[12]" of 2"* ]]
}

@test "4_shared_state: race_atomic prints the same in 50 runs" {
    always_prints 50 race_atomic expected_race_atomic.txt
}

@test "4_shared_state: race_mutex prints the same in 50 runs" {
    always_prints 50 race_mutex expected_race_mutex.txt
}

@test "4_shared_state: race_cost loses nothing but with plain ++" {
    run $LIMIT make --silent run-race_cost
    echo "$output"
    if [ "${SAN-}" = thread ]; then
        # It may miss a race among so many accesses, but finds no other.
        [ "$(grep 'SUMMARY: ' <<<"$output" | grep -vc ' in add_plain$')" -eq 0 ]
    else
        [ "$status" -eq 0 ]
    fi
    diff -b expected_race_cost.txt <(grep ' ns each$' <<<"$output" | sed -E '
        s/^(plain.*) +[0-9]+ of/\1<n> of/; s/[0-9.]+ ns/<n> ns/')
}

@test "4_shared_state: explore finds what race loses, and replay shows it again" {
    explores PROGRAM=race OPTIONS="--seconds 16"
    [ "$status" -ne 0 ]
    [[ ${lines[0]} == *" schedules, all of them with at most 2 preemptions: 2 findings, 2 outputs" ]]
    grep -qE '^data race: W[12] writes the memory at race.c:10, .*W[12] .* at race.c:10, ' \
        <<<"$output"
    readme_shows "make explore PROGRAM=race"
    schedule=$(schedule_of "counted to 1 of 2")
    [ -n "$schedule" ]
    for ((i = 0; i < 3; i++)); do
        run $LIMIT make --silent replay PROGRAM=race SCHEDULE="$schedule" OPTIONS=--brief
        echo "$output"
        # clang tells of the write only, which comes after the read.
        [ "$(grep -cE ' W[12] +race.c:10 +writes count +count[+][+];' <<<"$output")" -eq 2 ]
        [[ ${CC-} == clang* ]] ||
            [ "$(grep -cE ' W[12] +race.c:10 +reads count: 0 +count[+][+];' <<<"$output")" -eq 2 ]
        [[ $output == *$'\ncounted to 1 of 2\n'* ]]
    done
    [[ ${CC-} == clang* ]] || diff \
        <(sed -n '/^\$ make replay PROGRAM=race/,/^It prints/p' README.md | steps) \
        <(steps <<<"$output")
}

# Of what a replay lists, all but the numbers.
steps() { sed -nE '/^It prints/q; s/^ +[0-9]+  ([mW])/\1/p'; }

@test "4_shared_state: race_atomic holds in every schedule, and so does race_mutex" {
    holds race_atomic
    readme_shows "make explore PROGRAM=race_atomic"
    holds race_mutex
}

@test "4_shared_state: with one notify locking says why it is stuck, within 2 seconds" {
    [ "${SAN-}" != thread ] ||
        skip "deadlock.h keeps silent under ThreadSanitizer, which has a thread of its own"
    [ -z "${RUNNER-}" ] ||
        skip "deadlock.h keeps silent under an emulator, which has a thread of its own"
    [[ -d /proc/self/task && ${CFLAGS-} != *NOT_LINUX* ]] ||
        skip "deadlock.h keeps silent where a process cannot count its threads"
    # In a copy: the other tests want the other programs.
    cp -R . "$BATS_TEST_TMPDIR/copy"
    cd "$BATS_TEST_TMPDIR/copy" || exit
    for part in common tools trace; do
        [ -d $part ] || ln -s "$root/$part" $part
    done
    make --silent programs DEFINES=-DONE_NOTIFY
    read -ra command < <(make --silent --dry-run run-locking DEFINES=-DONE_NOTIFY)
    local limit="${LIMIT% *} 2"
    [ -z "${SAN-}" ] || limit=$LIMIT
    for ((i = 0; i < 5; i++)); do
        run $limit "${command[@]}"
        echo "$output"
        [ "$status" -eq 3 ]
        # W1 is woken, or W2 if it slept first: then main waits for W1.
        asleep=W1
        [[ $output != *"W1 finished"* ]] || asleep=W2
        diff <(sed "s/<worker>/$asleep/g; /^W1 finished/d" expected_locking_stuck.txt) \
            <(sed -E 's/for [0-9.]+ s:/for <seconds> s:/; /^W1 finished/d' <<<"$output") ||
            return
    done
}

@test "4_shared_state: explore finds no schedule in which one notify is enough" {
    explores PROGRAM=locking DEFINES=-DONE_NOTIFY OPTIONS="--seconds 8"
    [ "$status" -ne 0 ]
    [[ ${lines[0]} == *": 2 findings, 0 outputs" ]]
    [[ $output == *"deadlock: No thread can go on."*"W2 waits for "*"locking.c:12"* ]]
    run $LIMIT make --silent replay PROGRAM=locking DEFINES=-DONE_NOTIFY SCHEDULE=0
    [[ $output == *"deadlock: No thread can go on."* ]]
}
