#!/usr/bin/env bats
# What the programs here print.

common=$BATS_TEST_DIRNAME/common  # in a folder that was packed
[ -d "$common" ] || common=$BATS_TEST_DIRNAME/../common
load "$common/tools/lesson"

@test "3_workers_communication: main prints what it should" {
    prints main expected.txt
}

@test "3_workers_communication: main prints the same in 50 runs" {
    always_prints 50 main expected.txt
}
