#!/bin/sh
# to_bats.sh NAME RUNNER PROGRAM
#
# Prints a bats file with one test for each test of the program. In it, $LIMIT
# is the command that kills what takes too long.
set -eu

# shellcheck disable=SC2016  # it is bats that expands these
body='    run $LIMIT %s "%s" %s\n    echo "$output"\n    [ "$status" -eq 0 ]\n'

echo '#!/usr/bin/env bats'
$2 "$3" | while IFS='	' read -r name words; do
    printf '\n@test "%s: %s" {\n' "$1" "$words"
    # shellcheck disable=SC2059
    printf "$body}\n" "$2" "$3" "$name"
done
