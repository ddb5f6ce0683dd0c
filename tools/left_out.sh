#!/bin/sh
# left_out.sh LIST programs    the programs that the list leaves out, by name
# left_out.sh LIST show        all that it leaves out, and why
#
# The list is tests/plain.txt, which says what a line means. A line that fits
# nothing is an error of show.
set -eu

list=$1

# The lines of one kind, as "WHAT: REASON".
lines() { sed -n "s/^$1 //p" "$list"; }

including() {
    grep -l "^#include \"$1" tests/*/test_*.c tests/proof/faults_*.c | sed 's|.*/||; s|\.c$||'
}

programs() {
    lines include | sed 's/: .*//' | while read -r file; do
        found=$(including "$file")
        [ -n "$found" ] || { echo "$list: no test includes $file" >&2; exit 1; }
        echo "$found"
    done
    lines program | sed 's/: .*//' | while read -r name; do
        ls tests/*/"$name".c >/dev/null
        echo "$name"
    done
}

check_bats() {
    lines bats | sed 's/\(.*\): .*/\1/' | while read -r name; do
        grep -qF "@test \"$name\" {" [1-9]_*/test.bats ||
            { echo "$list: no lesson has the test \"$name\"" >&2; exit 1; }
    done
}

case $2 in
programs) programs | sort -u ;;
show)
    programs >/dev/null
    check_bats
    {
        lines include | while read -r line; do
            for name in $(including "${line%%: *}"); do echo "$name: ${line#*: }"; done
        done
        lines program
        lines files
    } | awk '!seen[$1]++ { print "left out: " $0 }'
    ;;
esac
