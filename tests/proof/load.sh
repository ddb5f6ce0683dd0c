#!/bin/sh
# load.sh RUNNER PROGRAM...
#
# Runs all tests of the programs, and prints their figures. How much each does
# is said in load.h: as LOAD says, or with HOURS so that all of them take as
# long. Each runs under a time limit. The last line is "N passed, N failed".
set -u

here=$(cd "$(dirname "$0")" && pwd)
runner=$1
shift

tests=$(for program in "$@"; do
    $runner "$program" | cut -f 1 | sed "s|^|$program |"
done)
count=$(echo "$tests" | grep -c .)

# At least 2 s each: less would be a warm-up and nothing else.
limit=300
if [ -n "${HOURS:-}" ]; then
    LOAD_SECONDS=$(awk -v h="$HOURS" -v n="$count" \
        'BEGIN { s = int(h * 3600 / n); print s < 2 ? 2 : s }')
    export LOAD_SECONDS
    limit=$((LOAD_SECONDS * 2 + 60))
fi

failed=0
while read -r program name; do
    printf '%s %s: ' "${program##*/test_load_}" "$name"
    # shellcheck disable=SC2086  # a command and its arguments, or nothing
    "$here/../../build/time_limit" "$limit" $runner "$program" "$name" </dev/null ||
        { echo "FAILED"; failed=$((failed + 1)); }
done <<END
$tests
END

echo "$((count - failed)) passed, $failed failed"
[ "$count" -gt 0 ] && [ "$failed" -eq 0 ]
