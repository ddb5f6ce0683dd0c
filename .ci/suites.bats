#!/usr/bin/env bats
# suites.sh with suites that pass, fail and hang.

setup() {
    root=$(cd "$BATS_TEST_DIRNAME/.." && pwd)
    cd "$BATS_TEST_TMPDIR" || exit
    git init --quiet
    echo content >file
    export SUITE_SECONDS=20
}

# suites LINES: what a script with these lines prints, in a project of one file.
suites() {
    printf '. "%s/.ci/suites.sh"\n%s\nadd_up\n' "$root" "$1" >script
    run timeout --kill-after=5 60 bash -uo pipefail script
    echo "$output"
    last=${lines[${#lines[@]} - 1]}
}

@test "suites: what they count is added up" {
    suites 'suite a echo "3 passed, 0 failed"
            suite b bash -c "echo 9 passed, 9 failed; echo 1 passed, 0 failed, 2 skipped"
            alone c echo "1 passed, 0 failed"'
    [ "$status" -eq 0 ]
    [ "$last" = "5 passed, 0 failed, 2 skipped" ]
}

@test "suites: a failed test, a bad status and no result are failures" {
    for command in '"echo 1 passed, 1 failed"' '"echo 1 passed, 0 failed; exit 3"' \
        '"echo 0 passed, 0 failed"' '"echo nothing"' '"kill -9 \$\$"' \
        '"echo not 1 passed, 0 failed"'; do
        suites "suite good echo '1 passed, 0 failed'; suite bad bash -c $command"
        [ "$status" -eq 1 ]
        [[ "$last" = *" 1 failed" ]]
    done
}

@test "suites: one that hangs is killed with its children, and fails" {
    make --silent -C "$root" -f tools/make/library.mk limit
    # shellcheck disable=SC2016  # it is sh that expands it
    printf 'echo $$ >%s/pid\nsleep 40\necho 1 passed, 0 failed\n' "$PWD" >hang
    suites "SUITE_SECONDS=1
            suite good echo '1 passed, 0 failed'
            suite bad $root/build/time_limit 50 sh hang"
    [ "$status" -eq 1 ]
    [ "$last" = "1 passed, 1 failed" ]
    [[ "$output" = *"killed: took longer than 1 s"* ]]
    pid=$(cat pid)
    ! kill -0 "$pid" || grep -q '^State:.Z' "/proc/$pid/status"
}

@test "suites: ONLY chooses, and must choose some" {
    two='suite one echo "1 passed, 0 failed"; suite two echo "5 passed, 0 failed"'
    ONLY='^o|three' suites "$two"
    [ "$status" -eq 0 ]
    [ "$last" = "1 passed, 0 failed" ]
    ONLY=three suites "$two"
    [ "$status" -eq 1 ]
}

@test "suites: some run at once, in copies of their own, and do not mix" {
    # shellcheck disable=SC2016
    suites 'part() { suite "$1" bash -c "for i in 1 2 3 4 5; do
                echo figure: \$1 \$i; sleep 0.1; done
                cat file && mkdir made_here && echo 1 passed, 0 failed" "$1" "$1"; }
            part one; part two; part three'
    [ "$status" -eq 0 ]
    [ "$last" = "3 passed, 0 failed" ]
    for part in one two three; do
        [[ "$output" = *"figure: $part 1"*$'\n'"    figure: $part 2"*$'\n'"    figure: $part 5"* ]]
    done
    [ ! -e made_here ]
}
