#!/usr/bin/env bats
# Whether the tests under faults leave something out. The tests: faults_*.c.

@test "faults: every call of the library can be made to fail, every function is in a scenario" {
    run sh "$BATS_TEST_DIRNAME/faults.sh" "$BATS_TEST_DIRNAME/../../build"
    [ "$status" -ne 77 ] || skip "$output"
    echo "$output"
    [ "$status" -eq 0 ]
}
