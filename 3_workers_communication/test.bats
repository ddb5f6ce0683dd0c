#!/usr/bin/env bats
# The output of the programs here.

root=$BATS_TEST_DIRNAME  # in a folder that was packed
[ -d "$root/tools" ] || root=$BATS_TEST_DIRNAME/..
load "$root/tools/workshop/lesson"

@test "3_workers_communication: main prints what it should" {
    prints main expected.txt
}

@test "3_workers_communication: main prints the same in 50 runs" {
    always_prints 50 main expected.txt
}
