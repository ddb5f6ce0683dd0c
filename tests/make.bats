#!/usr/bin/env bats
# make after an edit: a file is changed and run again, in a copy of the project.

bats_require_minimum_version 1.5.0

# Without the folders that bats puts in front of it.
path=$(tr : '\n' <<<"$PATH" | grep -v bats-core | paste -sd : -)

# Where the library is built already, to save time; each test gets a copy.
setup_file() {
    root=$(cd "$BATS_TEST_DIRNAME/.." && pwd)
    cd "$BATS_FILE_TMPDIR" || exit
    mkdir -p copy/1_basic copy/4_shared_state
    cp "$root/Makefile" "$root/LICENSE" copy
    cp -R "$root/common" "$root/tools" "$root/trace" copy
    for folder in 1_basic 4_shared_state; do
        for file in "$root/$folder"/*; do
            [ -d "$file" ] || cp "$file" copy/$folder
        done
    done
    # Pictures and tarballs that were made there are not part of the project.
    rm -f copy/*_*/trace.* copy/*_*/*.tar.gz
    limited make --silent -C copy library
    echo "$output"
    [ "$status" -eq 0 ]
}

setup() {
    cp -Rp "$BATS_FILE_TMPDIR/copy" "$BATS_TEST_TMPDIR"
    cd "$BATS_TEST_TMPDIR/copy" || exit
}

# Runs a command under a time limit, in a fresh environment: that of the bats
# and the make that run these tests would leak into those that it calls.
limited() {
    # $LIMIT is a command and its seconds; these build things, and take longer.
    # shellcheck disable=SC2153
    run env -i PATH="$path" HOME="$HOME" WITH_BATS="$WITH_BATS" \
        "${LIMIT% *}" 120 "$@"
}

@test "make: run prints what the program prints and nothing else, also when it builds" {
    cd 4_shared_state
    rm -r ../build
    limited make run
    [ "$status" -eq 0 ]
    [ "$output" = "$(cat expected.txt)" ]
    limited make run
    [ "$output" = "$(cat expected.txt)" ]
}

@test "make: every edit shows, however soon after the last build" {
    cd 1_basic
    for ((i = 0; i < 5; i++)); do
        printf '#include <stdio.h>\nint main(void) { puts("%d"); }\n' $i >main.c
        # All edits and builds in the same second, as make 3.81 would see it.
        touch -t 202001010000 main.c
        limited make run
        [ "$output" = "$i" ]
        find . -exec touch -t 202001010000 {} +
    done
}

@test "make: a line that moves to the top of the next file shows" {
    cd 1_basic
    rm workers.h
    printf '#include <stdio.h>\nint f(void);\nint main(void) { printf("%%d\\n", f()); }\n' >main.c
    printf '#ifndef N\n#define N 2\n#endif\nint f(void) { return N; }\n' >worker.c
    cp main.c short.txt
    echo '#define N 1' >>main.c
    limited make run
    [ "$output" = 2 ]
    mv short.txt main.c
    printf '#define N 1\n%s\n' "$(cat worker.c)" >worker.c
    limited make run
    [ "$output" = 1 ]
}

@test "make: an edit of the library shows too" {
    cd 4_shared_state
    limited make run-locking
    [[ "$output" = *"finished: ok"* ]]
    sed 's/"ok"/"fine"/' ../common/os/atomics.c >new
    mv new ../common/os/atomics.c
    limited make run-locking
    [[ "$output" = *"finished: fine"* ]]
}

@test "make: several compilers at once, unless the caller says how many" {
    cd 1_basic
    # shellcheck disable=SC2016 # make's
    printf 'include Makefile\nprint:\n\t@echo "[$(PARALLEL)]"\n' >print.mk
    limited make --silent -f print.mk print CFLAGS=-DWORD=jar
    [ "$output" = "[-j4]" ]
    limited make --silent -j2 -f print.mk print
    [ "$output" = "[]" ]
}

@test "make: other flags build anew" {
    cd 1_basic
    printf '#include <stdio.h>\nint main(void) { puts(WORD); }\n' >main.c
    limited make run CFLAGS='-DWORD=\"one\"'
    [ "$output" = one ]
    limited make run CFLAGS='-DWORD=\"two\"'
    [ "$output" = two ]
}

@test "make: a program that was edited and does not compile is not run as it was before" {
    cd 1_basic
    limited make run
    [ "$status" -eq 0 ]
    echo 'int main(void) { return oops; }' >main.c
    for i in 1 2; do
        limited make run
        [ "$status" -ne 0 ]
        [[ "$output" != *PID* ]]
        [[ "$output" = *oops* ]]
        # As if all of it had been in the same second.
        find . -exec touch -t 202001010000 {} +
    done
}

@test "make: a compile error is the first thing that shows" {
    cd 1_basic
    echo 'int main(void) { return oops; }' >main.c
    limited make run
    [[ "${lines[0]}" = "main.c: In function"* || "${lines[0]}" = "main.c:1:"* ]]
}

@test "make: without a compiler it says in one sentence what to install" {
    for folder in . 1_basic; do
        limited make -C $folder --no-print-directory CC=no-such-compiler run
        [ "$status" -ne 0 ]
        [ "${#lines[@]}" -eq 1 ]
        [[ "$output" = *"There is no C compiler here: type"* ]]
    done
}

@test "make: a packed folder works alone, and can be packed again" {
    for round in 1 2; do
        cd 4_shared_state
        limited make pack
        [ "$output" = 4_shared_state.tar.gz ]
        mkdir -p "$BATS_TEST_TMPDIR/alone$round"
        tar -xzf 4_shared_state.tar.gz -C "$BATS_TEST_TMPDIR/alone$round"
        cd "$BATS_TEST_TMPDIR/alone$round"
        rm -rf "$BATS_TEST_TMPDIR/copy"
        [ "$(ls)" = 4_shared_state ]
    done
    cd 4_shared_state
    [ -f LICENSE ] && [ -f README.md ]
    limited make run-view
    [[ "${lines[0]}" = "i8  : Int8Array(4)"* ]]
    limited make test
    echo "$output"
    [ "$status" -eq 0 ]
    [ "${lines[${#lines[@]} - 1]}" = "10 passed, 0 failed, 3 skipped" ]
}

@test "make: help names every program, and clean leaves nothing behind" {
    cd 4_shared_state
    limited make help
    [[ "$output" = *"make run-view"* ]]
    [[ "$output" = *"make run-locking"* ]]
    before=$(ls)
    limited make pack programs
    limited make clean
    [ ! -e ../build ]
    [ "$(ls)" = "$before" ]
}

@test "make: the suite runs all folders, each under a heading" {
    limited make run
    [ "$status" -eq 0 ]
    [ "${lines[0]}" = "== 1_basic" ]
    [[ "$output" = *$'\n\n== 4_shared_state\nM  : Int16Array(2) [ 0, 0 ]'* ]]
}

@test "make: compile_commands.json is one entry a file" {
    limited make compile_commands.json
    [ "$(grep -c '"file":' compile_commands.json)" -eq \
        "$(find . -name '*.c' | wc -l)" ]
    head -c 1 compile_commands.json | grep -q '\['
    tail -n 1 compile_commands.json | grep -q ']$'
}

@test "tools: a program that takes too long is killed with its children" {
    limit=${LIMIT% *}
    run "$limit" 1 sh -c 'echo $$; sleep 30 >/dev/null 2>&1 & echo $!; wait'
    [ "$status" -eq 124 ]
    gone "${lines[0]}"
    gone "${lines[1]}"
}

# gone PID: waits until the process has ended, or is a zombie that is not reaped
# yet.
gone() {
    for ((i = 0; i < 50; i++)); do
        kill -0 "$1" 2>/dev/null || return 0
        sleep 0.1
    done
    grep -q '^State:.Z' "/proc/$1/status"
}

@test "tools: what left its process group is killed too" {
    command -v setsid >/dev/null || skip "no setsid"
    [ -f "/proc/self/task/$BASHPID/children" ] || skip "no list of children"
    # shellcheck disable=SC2016 # for the shells
    leaves='setsid sh -c "sleep 30 & echo \$! >left; echo \$\$ >>left; wait" \
            >/dev/null 2>&1 3>&- &
        until [ "$(wc -l <left)" -eq 2 ]; do sleep 0.1; done;'
    for last in 'exit 7' wait 'kill -9 $$'; do
        : >left
        run "${LIMIT% *}" 3 sh -c "$leaves $last"
        gone "$(head -n 1 left)"
        gone "$(tail -n 1 left)"
    done
    : >left
    "${LIMIT% *}" 30 sh -c "$leaves wait" &
    limit=$!
    for ((i = 0; i < 100 && $(wc -l <left) < 2; i++)); do sleep 0.1; done
    kill -TERM $limit
    status=0
    wait $limit || status=$?
    [ "$status" -eq 143 ]
    gone "$(head -n 1 left)"
    gone "$(tail -n 1 left)"
}

@test "tools: otherwise the status is the program's own" {
    limit=${LIMIT% *}
    run "$limit" 10 sh -c 'exit 7'
    [ "$status" -eq 7 ]
    run "$limit" 10 sh -c 'kill -TERM $$'
    [ "$status" -eq 143 ]
    run -127 "$limit" 10 /no/such/program
}

@test "tools: what is started in the background can be interrupted too" {
    for signal in INT QUIT; do
        # shellcheck disable=SC2016 # for the shells
        run sh -c 'trap "" INT QUIT; "$@"' sh "${LIMIT% *}" 10 \
            sh -c "kill -s $signal \$\$; echo survived"
        [ "$status" -gt 128 ]
        [ -z "$output" ]
    done
}

@test "tools: a failing test fails the run, and so do no tests at all" {
    printf '@test "a" { true; }\n@test "b" { false; }\n' >some.bats
    limited sh tools/test.sh some.bats
    echo "$output"
    [ "$status" -ne 0 ]
    [ "${lines[${#lines[@]} - 1]}" = "1 passed, 1 failed" ]
    : >none.bats
    limited sh tools/test.sh none.bats
    [ "$status" -ne 0 ]
}

@test "tools: tests that did not run fail the run" {
    # shellcheck disable=SC2016
    printf '@test "a" { true; }\n@test "b" { kill -9 $PPID; kill -9 $$; }\n' >some.bats
    limited sh tools/test.sh some.bats
    echo "$output"
    [ "$status" -ne 0 ]
}

# A program like those of tests/, with a test of each kind.
write_program() {
    cat >program <<'END'
#!/bin/sh
case ${1-} in
'') printf '%s\tit does this\n' good bad hanging crashing missing ;;
good) echo "not shown" ;;
bad) echo "what was found" >&2; exit 3 ;;
hanging) sleep 30 & echo $! >child; wait ;;
crashing) kill -s SEGV $$ ;;
missing) echo "the reason"; exit 77 ;;
esac
END
    chmod +x program
}

@test "tools: without bats too, tests fail one by one, with what they said" {
    limited make --silent -f tools/make/library.mk run_tests
    [ "$status" -eq 0 ]
    write_program
    for jobs in 1 2 9; do
        limited build/run_tests -j $jobs "${LIMIT% *}" 1 -- ./program
        echo "$output"
        [ "$status" -eq 1 ]
        [ "${lines[${#lines[@]} - 1]}" = "1 passed, 3 failed, 1 skipped" ]
        for words in "FAIL program bad: it does this"$'\n'"    what was found" \
            "FAIL program hanging" "    killed: took longer than 1 s" \
            "FAIL program crashing: it does this"$'\n'"    status 139" \
            "skip program missing: it does this"$'\n'"    the reason"; do
            [[ "$output" = *"$words"* ]]
        done
        [[ "$output" != *"not shown"* ]]
        ! kill -0 "$(cat child)" || grep -q '^State:.Z' "/proc/$(cat child)/status"
    done
}

@test "tools: a program that has no tests, or cannot say which, fails the run" {
    limited make --silent -f tools/make/library.mk run_tests
    write_program
    limited build/run_tests "${LIMIT% *}" 1 -- true ./program /no/such
    echo "$output"
    [ "$status" -eq 1 ]
    [ "${lines[${#lines[@]} - 1]}" = "1 passed, 5 failed, 1 skipped" ]
}

@test "tools: a list leaves out tests by name, which are shown, and must be there" {
    limited make --silent -f tools/make/library.mk run_tests
    write_program
    printf '%s\n' "# words" "test program bad: no reason" "test program crashing: a: b" >list
    limited build/run_tests -x list "${LIMIT% *}" 1 -- ./program
    echo "$output"
    [[ "$output" = *"left out: program bad: no reason"*"left out: program crashing: a: b"* ]]
    [ "${lines[${#lines[@]} - 1]}" = "1 passed, 1 failed, 1 skipped" ]
    echo "test program worse: it is gone" >>list
    limited build/run_tests -x list "${LIMIT% *}" 1 -- ./program
    [ "$status" -eq 125 ]
    [[ "$output" = *"program has no test worse to leave out" ]]
}

@test "tools: tests whose time limit was killed with them have failed" {
    limited make --silent -f tools/make/library.mk run_tests
    write_program
    # shellcheck disable=SC2016
    limited build/run_tests sh -c '[ $# = 1 ] || kill -9 $$; exec "$1"' \
        sh -- ./program
    echo "$output"
    [ "$status" -eq 1 ]
    [ "${lines[${#lines[@]} - 1]}" = "0 passed, 5 failed" ]
}

@test "tools: bats files and programs are added up" {
    limited make --silent -f tools/make/library.mk run_tests
    write_program
    printf '@test "a" { true; }\n@test "b" { false; }\n' >some.bats
    limited env LIMIT="${LIMIT% *} 1" sh tools/test.sh some.bats ./program
    echo "$output"
    [ "$status" -ne 0 ]
    [ "${lines[${#lines[@]} - 1]}" = "2 passed, 4 failed, 1 skipped" ]
}

@test "tools: where bats cannot be had, it says what to type" {
    mkdir bin
    for tool in sh awk mktemp dirname cat rm id grep env; do
        ln -s "$(command -v $tool)" bin/$tool
    done
    : >some.bats
    path=$PWD/bin WITH_BATS='' limited /bin/sh tools/test.sh some.bats
    [ "$status" -ne 0 ]
    [[ "$output" = *'type "sudo apt install bats"'* ]]
}
