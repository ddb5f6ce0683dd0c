# shellcheck shell=bash
# For the scripts of this folder: checks that are one test each.

passed=0
failed=0
log=$(mktemp)
trap 'rm -f "$log"' EXIT

# check WORDS COMMAND...: silent when it passes.
check() {
    if "${@:2}" </dev/null >"$log" 2>&1; then
        echo "ok   $1"
        passed=$((passed + 1))
    else
        echo "FAIL $1"
        tail -n 100 "$log"
        failed=$((failed + 1))
    fi
}

add_up_checks() {
    echo "$passed passed, $failed failed"
    [ "$failed" -eq 0 ]
}
