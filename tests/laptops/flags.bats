#!/usr/bin/env bats
# Words in CC and flags in the environment, and options of make.

load kit.bash

setup() {
    copy_project "$BATS_TEST_TMPDIR/copy"
    cd "$BATS_TEST_TMPDIR/copy" || exit
}

@test "laptops: CC is several words" {
    limited env CC="gcc -std=c17" make -s -C 1_basic run
    [ "$status" -eq 0 ]
}

# wrong_with VARIABLES...: the judge finds the mistake of an attempt.
wrong_with() {
    limited env NO_COLOR=1 SEARCH_SECONDS=6 "$@" make -s -C 4_shared_state exercise
    [ "$(cat 4_shared_state/my/.tickets/verdict)" = now-and-then ]
}

@test "laptops: flags in the environment never make a wrong program right" {
    . tests/workshop/attempt.bash
    skip_without_patch
    mkdir 4_shared_state/my
    write_attempt 4_shared_state/exercise/tickets only_atomic 4_shared_state/my/tickets.c
    wrong_with CFLAGS='-O2 -flto'
    [[ $output == *" schedules"* ]] || [[ $output == *"explore runs on"* ]]
    wrong_with CFLAGS='-fno-sanitize=thread -ftls-model=initial-exec -D_FORTIFY_SOURCE=3 -g0'
    [[ $output == *" schedules"* ]] || [[ $output == *"explore runs on"* ]]
    wrong_with DEFINES=-fno-sanitize=thread
    ! command -v clang || wrong_with CC=clang CFLAGS='-O2 -flto'
}

@test "laptops: explore refuses a file of which it sees no step" {
    for flag in -fno-sanitize=thread -flto; do
        limited make -s -C 1_basic explore DEFINES=$flag
        [ "$status" -ne 0 ]
        [[ $output == *"explore sees no step of main.c"* ]] ||
            [[ $output == *"explore runs on"* ]]
    done
}

@test "laptops: options of make do what they say, or one sentence says why not" {
    for option in -B -t -e; do
        limited make $option -s run
        [ "$status" -ne 0 ]
        [ "${#lines[@]}" -eq 1 ]
        [[ $output == *"make -B, -e and -t cannot be used here"* ]]
    done
    for option in -n -q; do
        limited make $option -C 4_shared_state exercise
        limited make $option run test doctor exercises-check laptops
        [[ $output != *"passed, "* ]]
        [[ $output != *"Ready."* ]]
        [ ! -e 4_shared_state/my ]
    done
    limited make -r -R -O -k -j8 -C 1_basic run
    [ "$status" -eq 0 ]
    [[ $output == *"Message from thread: Hello!"* ]]
}

@test "laptops: an archive for -flto is made by the compiler's own ar" {
    command -v gcc-ar || skip "no gcc-ar"
    mkdir bin
    printf '#!/bin/sh\necho ran >>"%s/ran"\nexec %s "$@"\n' "$PWD" \
        "$(command -v gcc-ar)" >bin/gcc-ar
    chmod +x bin/gcc-ar
    # shellcheck disable=SC2154 # in the kit
    limited env PATH="$PWD/bin:$path" CC=gcc CFLAGS='-O2 -flto' make -s -C 1_basic run
    [ "$status" -eq 0 ]
    [ -s ran ]
    rm ran
    limited env PATH="$PWD/bin:$path" CC=gcc AR=ar make -s -C 1_basic run
    [ ! -e ran ]
}

@test "laptops: BSD's make says which make is needed" {
    command -v bmake || skip "no bmake"
    for folder in . 4_shared_state explore; do
        limited bmake -C $folder run
        [ "$status" -ne 0 ]
        [[ $output == *"This needs GNU make: type gmake"* ]]
        [[ $output != *"Missing dependency operator"* ]]
    done
}

@test "laptops: tcc, which has no atomic operations, is refused in a sentence" {
    command -v tcc || skip "no tcc"
    limited tcc -Icommon -c -o main.o 1_basic/main.c
    [ "$status" -ne 0 ]
    [[ $output == *'This library needs atomic operations: compile it with gcc or clang"' ]]
    limited make -s -C 1_basic run CC=tcc
    [[ $output == *$'\nMISSING  C compiler with the atomics of C11\n'* ]]
}
