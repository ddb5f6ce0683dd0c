#!/usr/bin/env bats
# Words in CC and flags in the environment.

load kit.bash

setup() {
    copy_project "$BATS_TEST_TMPDIR/copy"
    cd "$BATS_TEST_TMPDIR/copy" || exit
}

@test "laptops: CC is several words" {
    limited env CC="gcc -std=c17" make -s -C 1_basic run
    [ "$status" -eq 0 ]
}
