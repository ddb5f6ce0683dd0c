#!/usr/bin/env bats
# The project as an archive or another disk may leave it, and what ctrl-C and
# old tools make of its scripts.
# shellcheck disable=SC2016,SC2154 # scripts that are written; the kit's path

bats_require_minimum_version 1.5.0
load kit.bash

setup_file() {
    load kit.bash
    export copy=$BATS_FILE_TMPDIR/copy CFLAGS=-O0
    copy_project "$copy"
    make -s -C "$copy/1_basic" build/main
    make -s -C "$copy" -f tools/make/library.mk limit
}

setup() {
    cd "$copy" || exit
    my=$BATS_TEST_TMPDIR/my bin=$BATS_TEST_TMPDIR/bin
    mkdir "$bin" "$my"
}

made() { limited env CFLAGS=-O0 DELAYED_SECONDS=0 make -s "$@"; }
exercise() { made -C 1_basic exercise EXPLORE= MINE="$my"; }

@test "laptops: no file may be run" {
    cp -R "$copy" "$BATS_TEST_TMPDIR/unzipped"
    cd "$BATS_TEST_TMPDIR/unzipped"
    find . -path '*build*' -o -type f -exec chmod 644 {} +
    made progress
    [[ $output == *"0/8"*"Next: cd 1_basic && make exercise" ]]
    cp 1_basic/exercise/answer/.solution/answer.c "$my"
    exercise
    [[ $output == *$'\n'"Next: cd ../2_communication && make exercise" ]]
    echo '@test "a" { true; }' >1_basic/test.bats
    made -C 1_basic test
    [ "${lines[${#lines[@]} - 1]}" = "1 passed, 0 failed" ]
}

@test "laptops: each script is given to its shell" {
    cd "$BATS_TEST_DIRNAME/../.."
    find . -name '*.mk' -o -name Makefile -o -path './t*.sh' -o -name '*.bats' \
        -o -path './.ci/*' -type f -o -path './.github/*.yml' |
        grep -v '/build/' >"$BATS_TEST_TMPDIR/callers"
    find .ci bench explore tests tools -type f \( -name '*.sh' -o -name '*.py' -o \
        -path '.ci/*' \) -perm -u+x >"$BATS_TEST_TMPDIR/scripts"
    [ "$(wc -l <"$BATS_TEST_TMPDIR/scripts")" -gt 20 ]
    while read -r script; do
        # In its own folder too.
        case $script in explore/* | bench/*) here=${script#*/} ;; *) here=$script ;; esac
        for name in "$script" "$here"; do
            xargs grep -nF -- "$name" <"$BATS_TEST_TMPDIR/callers" |
                grep -vE '^[^:]*:[0-9]+:[^"]*# ' | grep -vE 'shellcheck -x|^./.ci/sources:.*\*\.|shell tools' |
                grep -E "(^[^:]*:[0-9]+:| |\"|\)/|@)${name//./\\.}( |\$|\")" |
                grep -vE "(sh|python3|\\$\(SH\)|source=[^ ]*|-B|\\$<|path) (\"?(\\$\(ROOT\)|\\$ROOT|\.\.|\.)/)?${name//./\\.}" || true
        done
    done <"$BATS_TEST_TMPDIR/scripts" >"$BATS_TEST_TMPDIR/bare"
    cat "$BATS_TEST_TMPDIR/bare"
    [ ! -s "$BATS_TEST_TMPDIR/bare" ]
}

@test "laptops: line ends of Windows, in all files and in the attendee's" {
    sed 's/$/\r/' 1_basic/exercise/answer/.solution/answer.c >"$my/answer.c"
    exercise
    [[ $output == "Right in "* ]]
    made -C 1_basic solution MINE="$my"
    [[ $output == "Your file is the same as the solution."* ]]
    copy_project "$BATS_TEST_TMPDIR/windows"
    cd "$BATS_TEST_TMPDIR/windows"
    find . -type f -exec sed -i 's/$/\r/' {} +
    for goal in doctor progress test "-C 1_basic exercise" "-C 1_basic test" \
        "-f tools/make/library.mk draw"; do
        # shellcheck disable=SC2086 # words
        made $goal
        [ "$status" -ne 0 ]
        [[ $output == *'*** The files here have the line ends of Windows, which sh cannot read: '* ]]
    done
}

@test "laptops: files that are dated in the future are no warning of the compiler's" {
    cp -R "$copy" "$BATS_TEST_TMPDIR/future"
    cd "$BATS_TEST_TMPDIR/future"
    find . -exec touch -t 203701010000 {} +
    exercise
    [[ $output != *"The compiler warns"* ]]
    [[ $output == *$'\nThen: edit '* ]]
}

@test "laptops: half a note of an exercise, or none, counts as none" {
    mkdir -p "$my/.answer"
    for note in tries hints judged right verdict; do : >"$my/.answer/$note"; done
    made -C 1_basic hint MINE="$my"
    [[ $output == *$'hint 1 of 3\n'* ]]
    made -C 1_basic solution MINE="$my"
    [[ $output == "The solution is shown after one attempt"* ]]
}

@test "laptops: a terminal that is dumb gets no escape codes" {
    script --version 2>/dev/null | grep -q util-linux || skip "no script of util-linux"
    echo '@test "a" { true; }' >"$BATS_TEST_TMPDIR/one.bats"
    for command in "make -s -C 1_basic exercise EXPLORE= MINE=$my" \
        "sh tools/test.sh $BATS_TEST_TMPDIR/one.bats"; do
        for TERM in xterm dumb; do
            env -i PATH="$path" HOME="$HOME" TERM=$TERM CFLAGS=-O0 \
                DELAYED_SECONDS=0 WITH_BATS="$WITH_BATS" "${LIMIT% *}" 120 \
                script -qec "$command" /dev/null </dev/null >"$BATS_TEST_TMPDIR/$TERM"
            cat "$BATS_TEST_TMPDIR/$TERM"
        done
        grep -q $'\x1b' "$BATS_TEST_TMPDIR/xterm"
        run ! grep -q $'\x1b' "$BATS_TEST_TMPDIR/dumb"
    done
}

# interrupted SIGNAL FILES COMMAND...: in a group of its own, as a terminal has
# it, once these files are there.
interrupted() {
    tmp=$BATS_TEST_TMPDIR/tmp
    rm -rf "$tmp"
    mkdir "$tmp"
    set -m
    env -i PATH="$path" HOME="$HOME" TMPDIR="$tmp" "${@:3}" >"$BATS_TEST_TMPDIR/out" 2>&1 3>&- &
    set +m
    for ((i = 0; i < 300; i++)); do
        # shellcheck disable=SC2086 # patterns
        ls -d $2 >/dev/null 2>&1 && break
        sleep 0.1
    done
    kill -s "$1" -- -$!
    status=0
    wait $! || status=$?
    cat "$BATS_TEST_TMPDIR/out"
    [ "$status" -gt 0 ]
    [ -z "$(ls -A "$tmp")" ]
}

@test "laptops: what a signal ends leaves no temporary files, and no process" {
    local files="$BATS_TEST_TMPDIR/pid1 $BATS_TEST_TMPDIR/pid2" pid
    for pid in $files; do
        printf '@test "slow" { echo $BASHPID >%s; exec sleep 60 3>&-; }\n' \
            "$pid" >"$pid.bats"
    done
    for shell in dash "busybox sh" bash; do
        command -v "${shell% *}" >/dev/null || continue
        for signal in INT TERM HUP; do
            # shellcheck disable=SC2086 # words
            rm -f $files
            # shellcheck disable=SC2086 # words
            interrupted $signal "$files" LIMIT="$LIMIT" WITH_BATS="$WITH_BATS" \
                BESIDE="$BATS_TEST_TMPDIR/pid2.bats" \
                $shell tools/test.sh "$BATS_TEST_TMPDIR/pid1.bats"
            for pid in $files; do
                [ ! -d "/proc/$(cat "$pid")" ] ||
                    grep -q '^State:.Z' "/proc/$(cat "$pid")/status"
            done
        done
    done
    rm -rf build/delays
    interrupted INT 'build/doctor.*/why' make -s doctor EXPLORE= CFLAGS=-O0 SH=dash
    run ! compgen -G 'build/doctor.*'
}

# A path with few commands.
few_commands() {
    for tool in sh awk mktemp dirname cat rm id env; do
        ln -s "$(command -v $tool)" "$bin/$tool"
    done
}

@test "laptops: bats that is too old, and a package manager that fails" {
    few_commands
    printf '#!/bin/sh\necho "Bats 1.2.1"\n' >"$bin/bats"
    printf '#!/bin/sh\n%s\nexit 1\n' \
        'for i in 1 2 3 4 5 6 7 8 9; do echo "Ign:$i http://deb"; done; echo "E: Failed to fetch"' \
        >"$bin/apt-get"
    printf '#!/bin/sh\nshift\nexec "$@"\n' >"$bin/sudo"
    chmod +x "$bin"/*
    path=$bin WITH_BATS='' limited /bin/sh tools/test.sh --get-bats
    [ "$status" -ne 0 ]
    [ "$output" = 'Bats 1.2.1 is too old: getting a newer bats.
E: Failed to fetch
The tests need bats 1.8.2 or newer, and Bats 1.2.1 is here: type "npm install -g bats" (npm comes with node.js).' ]
    rm "$bin/bats"
    path=$bin WITH_BATS='' limited /bin/sh tools/test.sh --get-bats
    [[ ${lines[0]} == "bats is missing: getting it." ]]
    [[ ${lines[2]} == *'type "sudo apt install bats", '* ]]
    [ "${#lines[@]}" -eq 3 ]
}

@test "laptops: bats is looked for before a long build, and that says that it goes on" {
    limited make -n test
    bats=$(grep -n -- --get-bats <<<"$output" | head -n 1)
    builds=$(grep -n 'Building the tests: ' <<<"$output" | head -n 1)
    [ "${bats%%:*}" -lt "${builds%%:*}" ]
    [[ $output == *TELL=yes* ]]
    rm -rf build/plain
    made library PLAIN=1 TELL=yes
    [[ $output == *.....* ]]
}

@test "laptops: a command in the wrong folder says which is right" {
    for goal in exercise hint watch solution reset trace replay; do
        made $goal
        [[ $output == *"type \"cd 1_basic && make $goal\""* ]]
    done
    made -C 2_communication progress
    [[ $output == *"Next: cd 1_basic && make exercise" ]]
    made -C 2_communication doctor CC=no-cc
    [[ $output == *"Reason: there is no no-cc here."* ]]
}
