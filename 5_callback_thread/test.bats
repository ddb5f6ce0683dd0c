#!/usr/bin/env bats
# The output of the programs here.

root=$BATS_TEST_DIRNAME  # in a folder that was packed
[ -d "$root/tools" ] || root=$BATS_TEST_DIRNAME/..
load "$root/tools/workshop/lesson"

@test "5_callback_thread: main prints what it should" {
    prints main expected.txt
}

@test "5_callback_thread: main prints the same in 50 runs" {
    always_prints 50 main expected.txt
}

@test "5_callback_thread: async_task prints what it should" {
    prints async_task expected_async_task.txt
}

@test "5_callback_thread: error_handling prints what it should" {
    prints error_handling expected_error_handling.txt
}

@test "5_callback_thread: multi_params prints what it should" {
    prints multi_params expected_multi_params.txt
}

@test "5_callback_thread: modules_in_thread prints its own source" {
    prints modules_in_thread modules_in_thread.c
}
