#!/bin/sh
# to_bats.sh NAME RUNNER PROGRAM
#
# Prints a bats file with one test for each test of the program. In it, $LIMIT
# is the command that kills what takes too long. Status 77 is a test that could
# not be tried here.
set -eu

# shellcheck disable=SC2016  # it is bats that expands these
body='    run $LIMIT %s "%s" %s
    [ "$status" -ne 77 ] || skip "$output"
    echo "$output"
    [ "$status" -eq 0 ]'

echo '#!/usr/bin/env bats'
$2 "$3" | while IFS='	' read -r name words; do
    printf '\n@test "%s: %s" {\n' "$1" "$words"
    # shellcheck disable=SC2059
    printf "$body\n}\n" "$2" "$3" "$name"
done
