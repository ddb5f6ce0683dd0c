#!/usr/bin/env bats
# The output of the programs here.

root=$BATS_TEST_DIRNAME  # in a folder that was packed
[ -d "$root/tools" ] || root=$BATS_TEST_DIRNAME/..
load "$root/tools/workshop/lesson"

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
