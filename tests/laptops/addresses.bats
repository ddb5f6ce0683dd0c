#!/usr/bin/env bats
# Addresses of 32 bits.

load kit.bash

# Also no note: older versions of gcc place _Atomic uint64_t in a struct where a
# load is not atomic, and gcc says so.
@test "laptops: the compiler says nothing of the library on 32-bit x86" {
    cd "$BATS_TEST_DIRNAME/../.."
    command -v i686-linux-gnu-gcc || skip "there is no compiler for 32-bit x86"
    # shellcheck disable=SC2016 # for the shell
    limited sh -c 'for file in common/*/*.c; do
        i686-linux-gnu-gcc -std=gnu11 -O -Wall -Wextra -Wshadow -Wpedantic \
            -fsyntax-only -Icommon "$file" || exit; done'
    [ "$status" -eq 0 ] && [ -z "$output" ]
}
