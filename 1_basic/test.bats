#!/usr/bin/env bats
# The output of the programs here.

root=$BATS_TEST_DIRNAME  # in a folder that was packed
[ -d "$root/tools" ] || root=$BATS_TEST_DIRNAME/..
load "$root/tools/workshop/lesson"

# run_main COMMAND...: runs main so, puts what it prints into $out, with <pid> for
# its PID.
run_main() {
    $LIMIT "$@" >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err"
    diff /dev/null "$BATS_TEST_TMPDIR/err"
    pid=$(sed -n '1s/^PID \([0-9][0-9]*\)$/\1/p' "$BATS_TEST_TMPDIR/out")
    [ -n "$pid" ]
    out=$(sed "s/^PID $pid\$/PID <pid>/" "$BATS_TEST_TMPDIR/out")
}

# The worker's PID line may come before or after the message; main's is first.
worker_last=$(cat "$BATS_TEST_DIRNAME/expected.txt")
worker_first=$(printf 'PID <pid>\nPID <pid>\nMessage from thread: Hello!')

@test "1_basic: main prints its PID, and then two more lines in either order" {
    run_main make --silent run-main
    [ "$out" = "$worker_last" ] || [ "$out" = "$worker_first" ]
}

@test "1_basic: the worker has the PID of the process" {
    run_main make --silent run-main
    [ "$(grep -c 'PID <pid>' <<<"$out")" -eq 2 ]
}

@test "1_basic: no other order, in 100 runs" {
    read -ra command < <(make --silent --dry-run run-main)
    for ((i = 0; i < 100; i++)); do
        run_main "${command[@]}"
        [ "$out" = "$worker_last" ] || [ "$out" = "$worker_first" ]
    done
}
