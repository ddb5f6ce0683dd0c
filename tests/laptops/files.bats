#!/usr/bin/env bats
# Disks that were full, makes that were killed, and dates of files.

load kit.bash

setup() {
    if [[ $BATS_TEST_DESCRIPTION == *disk* ]]; then
        as_root_or_skip "mount a small disk"
        mkdir "$BATS_TEST_TMPDIR/copy"
        mount -t tmpfs -o size=64m tmpfs "$BATS_TEST_TMPDIR/copy" ||
            skip "no disk can be mounted here"
    fi
    copy_project "$BATS_TEST_TMPDIR/copy"
    cd "$BATS_TEST_TMPDIR/copy" || exit
}

teardown() {
    cd /
    [[ $BATS_TEST_DESCRIPTION != *disk* ]] || umount -l "$BATS_TEST_TMPDIR/copy"
}

# prints_hello MAKE-ARGUMENTS...: so it does, and nothing fails.
prints_hello() {
    limited make -s -C 1_basic "$@"
    [ "$status" -eq 0 ]
    [[ $output == *"Message from thread: Hello!"* ]]
}

# Of each size a disk goes on with what the last one left.
@test "laptops: what a full disk left half built is built again" {
    blocks=$(df -Pk . | awk 'END { print $3 }')
    for goal in run trace explore; do
        for ((tries = 0; tries < 200; tries++)); do
            mount -o "remount,size=${blocks}k" "$PWD"
            # What a program writes itself may fit where it was not built.
            if limited make -s -C 1_basic $goal >"$BATS_TEST_TMPDIR/said" &&
                [ "$status" -eq 0 ]; then break; fi
            blocks=$((blocks + 444))
        done
        [ "$tries" -ge 3 ]
        prints_hello $goal
    done
    limited make -s -C 1_basic pack
    [ "$status" -ne 0 ]
    [ ! -e 1_basic/1_basic.tar.gz ]
    mount -o remount,size=64m "$PWD"
    prints_hello run
    prints_hello replay SCHEDULE=0
    limited make -s -C 1_basic pack
    [ "$output" = 1_basic.tar.gz ]
}

@test "laptops: what make had half built when it was killed is built again" {
    for ((i = 1; i < 60; i++)); do
        timeout --signal=KILL $((i / 10)).$((i % 10)) \
            env -u MAKEFLAGS -u MAKELEVEL make -s -C 1_basic explore \
            >/dev/null 2>&1 3>&- && break
    done
    prints_hello run
    prints_hello explore
}

@test "laptops: an archive or a program that was cut off is not used" {
    mkdir -p build/libcommon.a.new 1_basic/build/main.new
    echo '!<arch>' >build/libcommon.a.new/libcommon.a
    echo x >1_basic/build/main.new/main
    prints_hello run
    [ -z "$(find . -name '*.new')" ]
}

@test "laptops: edits show although everything is dated in the future" {
    cp -R 4_shared_state/race.c race.c
    limited make -s -C 4_shared_state run-locking
    limited make -s -C 4_shared_state explore PROGRAM=locking
    find . -exec touch -t 203712312359 {} +
    sed 's/"ok"/"fine"/' common/os/atomics.c >new && cat new >common/os/atomics.c
    touch -t 202001010000 common/os/atomics.c
    limited make -s -C 4_shared_state run-locking
    [[ $output == *"finished: fine"* ]]
    limited make -s -C 4_shared_state explore PROGRAM=locking
    [[ $output == *"finished: fine"* ]]
    sed -i 's/usage: explore/how to: explore/' explore/main.c
    touch -t 202001010000 explore/main.c
    limited make -s -C explore tool
    limited explore/build/explore
    [[ $output == "how to: explore "* ]]
    # And what make says of the clock is no warning about the exercise.
    limited env NO_COLOR=1 SEARCH_SECONDS=1 make -s -C 1_basic exercise
    [[ $output != *"The compiler warns"* ]]
}

@test "laptops: after make clean only my/ is left" {
    git init -q . && git add -A
    limited make -s -C 1_basic explore trace pack compile_commands.json
    limited make -s compile_commands.json
    limited make -s -C 1_basic replay SCHEDULE=0
    limited make -s -C explore replay FILES=tests/drawn.c SCHEDULE=0
    limited env SEARCH_SECONDS=1 make -s -C 4_shared_state exercise
    limited make -s doctor
    limited make -s clean
    [ "$(git status --short --ignored | grep '^[!?]')" = '!! 4_shared_state/my/' ]
    limited make -s -C 1_basic explore
    limited make -s -C 1_basic clean
    [ "$(git status --short --ignored | grep '^[!?]')" = '!! 4_shared_state/my/' ]
}
