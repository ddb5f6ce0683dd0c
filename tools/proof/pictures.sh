#!/usr/bin/env bash
# pictures.sh check|write|list [README...]
#
# The Mermaid pictures in the READMEs of the examples. A picture is what stands
# between ```mermaid and ``` under a line that says how it was made, "make trace"
# or "make trace PROGRAM=view". check runs that again and says which picture is
# out of date; write puts the new one in its place; list says which programs have
# one.
#
# Where the order depends on which thread is quicker, another picture may be
# right too: a picture is up to date when one of $TRIES runs gives it.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit
TRIES=${TRIES:-300}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The programs that the README has pictures of.
programs_of() {
    awk '/^```mermaid/ { print program }
        /make trace/ { program = "main" }
        match($0, /make trace PROGRAM=[a-z_0-9]+/) {
            program = substr($0, RSTART + 19, RLENGTH - 19) }' "$1"
}

# picture README PROGRAM, or with=FILE picture README PROGRAM: the picture that
# is there; or the whole README with another one in its place.
picture() {
    awk -v wanted="$2" -v with="${with-}" '
        /make trace/ { program = "main" }
        match($0, /make trace PROGRAM=[a-z_0-9]+/) {
            program = substr($0, RSTART + 19, RLENGTH - 19) }
        inside && /^```/ {
            inside = 0
            if (with) while ((getline line <with) > 0) print line
        }
        with ? !inside : inside
        /^```mermaid/ && program == wanted { inside = 1 }' "$1"
}

# The picture that the program draws now goes to $work/new.
draw() {
    local folder
    folder=$(basename "$(dirname "$1")")
    rm -f "$folder/trace.mmd"
    make --silent --no-print-directory -C "$folder" trace PROGRAM="$2" \
        >"$work/log" 2>&1 && cp "$folder/trace.mmd" "$work/new" && return
    echo "$1: make trace PROGRAM=$2 failed:"
    tail -n 20 "$work/log"
    return 1
}

# The same once more, without make.
draw_again() {
    local folder
    folder=$(basename "$(dirname "$1")")
    rm -f "$work/events" "$work/again.mmd"
    (cd "$folder" && TRACE_FILE=$work/events "build/trace/$2") >/dev/null 2>&1
    build/trace/draw "$work/events" "$work/again" >/dev/null &&
        cp "$work/again.mmd" "$work/new"
}

check() {
    picture "$1" "$2" >"$work/old"
    draw "$1" "$2" || return
    for ((try = 1; try < TRIES; try++)); do
        cmp -s "$work/old" "$work/new" && return
        draw_again "$1" "$2" || return
    done
    cmp -s "$work/old" "$work/new" && return
    echo "$1: the picture of $2 is out of date (make pictures):"
    diff "$work/old" "$work/new"
    return 1
}

write() {
    draw "$1" "$2" || return
    with=$work/new picture "$1" "$2" >"$work/readme"
    cmp -s "$work/readme" "$1" && return
    cp "$work/readme" "$1"
    echo "$1: a new picture of $2"
}

command=${1-}
case $command in check | write | list) shift ;; *) sed -n '2p' "$0" >&2; exit 2 ;; esac
[ $# -gt 0 ] || set -- [1-9]_*/README.md
status=0
for readme; do
    programs=$(programs_of "$readme")
    [ -n "$programs" ] || { echo "$readme: there is no picture"; status=1; }
    for program in $programs; do
        if [ "$command" = list ]; then
            echo "$program"
        elif [ "$command" = check ]; then
            check "$readme" "$program" || status=1
        else
            write "$readme" "$program" || status=1
        fi
    done
done
exit "$status"
