#!/usr/bin/env bats
# make doctor, on laptops that lack something: in a copy of the project, since
# another compiler builds it again.

setup_file() {
    cd "$BATS_TEST_DIRNAME/../.." || exit
    export copy=$BATS_FILE_TMPDIR/copy
    mkdir "$copy"
    tar -cf - --exclude=build Makefile LICENSE README.md [1-7]_* common tools trace explore |
        tar -xf - -C "$copy"
}

setup() {
    cd "$copy" || exit
    limit=${LIMIT:+${LIMIT% *} 120}
}

# doctor MAKE-ARGUMENTS...: what it says, in $output, on 80 columns.
doctor() {
    # shellcheck disable=SC2086 # several words
    run env -u MAKEFLAGS $limit make --silent doctor "$@"
    echo "$output"
    awk 'length > 80 { exit 1 }' <<<"$output"
}

# says WORDS...: one of its lines begins so.
says() { [[ $'\n'$output == *$'\n'"$*"* ]]; }

ready() {
    [ "$status" -eq 0 ]
    [[ $output != *MISSING* ]]
    [ "${lines[${#lines[@]} - 1]}" = "Ready. Type: cd 1_basic && make exercise" ]
}

not_ready() {
    [ "$status" -ne 0 ]
    [ "${lines[${#lines[@]} - 1]}" = \
        "Not ready: install what is MISSING, then type: make doctor" ] ||
        [[ ${lines[${#lines[@]} - 2]} == "Not ready: install what is MISSING"* ]]
}

# cc_that FLAG DOES: a compiler that does so when it is given the flag.
cc_that() {
    # shellcheck disable=SC2016 # for the script
    printf '#!/bin/sh\ncase " $* " in *" %s "*) %s ;; esac\nexec %s "$@"\n' \
        "$1" "$2" "${CC:-cc}" >fake_cc
    chmod +x fake_cc
}

# path_without TOOLS...: a folder with all other commands.
path_without() {
    local folder tool
    mkdir "$BATS_TEST_TMPDIR/bin"
    for folder in /usr/local/bin /bin /usr/bin; do
        ! ls "$folder"/* >/dev/null 2>&1 ||
            ln -sf "$folder"/* "$BATS_TEST_TMPDIR/bin"
    done
    for tool; do rm -f "$BATS_TEST_TMPDIR/bin/$tool"; done
}

@test "doctor: on this laptop, each thing that works was tried" {
    doctor
    ready
    says "ok       make: GNU Make "
    says "ok       C compiler: "
    says "ok       threads: 1_basic was built, and runs"
    says "ok       bats, for make test: Bats "
    says "ok       explore: it ran 1_basic under " ||
        says "without  explore"$'\n'"         Reason: explore runs on Linux "
}

@test "doctor: tools that a small system lacks are named" {
    path_without diff fold
    PATH=$BATS_TEST_TMPDIR/bin doctor
    not_ready
    says "MISSING  tools: diff fold"
}

@test "doctor: without bats exercises can be done" {
    path_without bats
    WITH_BATS='' PATH=$BATS_TEST_TMPDIR/bin doctor
    ready
    says "without  bats"
}

@test "doctor: it needs no more than dash and busybox have" {
    for shell in dash "busybox sh"; do
        command -v "${shell% *}" >/dev/null || continue
        doctor SH="$shell"
        ready
    done
}

@test "doctor: without a compiler it says what to type" {
    doctor CC=no-such-cc
    not_ready
    says "MISSING  C compiler"
    command -v apt-get >/dev/null &&
        says "         Type: sudo apt install gcc libc6-dev"
    [[ $output != *threads* ]]
}

@test "doctor: without explore, what stands in is built" {
    rm -rf build/delays
    doctor EXPLORE=
    ready
    says "without  explore"$'\n'"         Reason: explore is not in this folder."
    [ -f build/delays/libcommon.a ]
}

@test "doctor: an explore that is built and cannot run is no explore" {
    mkdir -p cannot_run
    printf 'tool library:\n\nrun:\n\t@echo "not permitted" >&2; exit 1\n' \
        >cannot_run/Makefile
    doctor EXPLORE="$copy/cannot_run/Makefile"
    ready
    says "without  explore"$'\n'"         Reason: it cannot run here: not permitted."
}

@test "doctor: in a folder with a space in its name all works but make test" {
    mkdir "$BATS_TEST_TMPDIR/two words"
    cp -R Makefile common tools "$BATS_TEST_TMPDIR/two words"
    cd "$BATS_TEST_TMPDIR/two words" || exit
    doctor
    says "without  make test"$'\n'"         make test cannot run in this folder"
}

@test "doctor: a compiler without a library is not enough" {
    cc_that -c 'echo "main.c:1:10: fatal error: stdio.h: not found" >&2; exit 1'
    doctor CC="$copy/fake_cc"
    not_ready
    says "MISSING  threads: 1_basic cannot be built, or does not run"
    says "         main.c:1:10: fatal error: stdio.h: not found"
}

@test "doctor: where ThreadSanitizer cannot be had, explore does without, or delays" {
    cc_that -fsanitize=thread 'exit 1'
    doctor CC="$copy/fake_cc" EXPLORE=
    ready
    says "without  explore"$'\n'"         Reason: explore is not in this folder."
    says "without  ThreadSanitizer"
    [[ $(tr -s ' \n' ' ' <<<"$output") == *"Exercises are judged by many runs with delays only."* ]]
    [ -f build/delays/libcommon.a ]
}
