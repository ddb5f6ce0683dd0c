#!/bin/sh
# exercise.sh exercise|hint|reset|solution|watch NAME: what make exercise and
# its like do, in the folder that has exercise/NAME. make passes the paths.
#
# my/NAME.c is the attendee's file. Notes about it are in my/.NAME/: the tries,
# the hints, the last verdict, and in "right" the checksum of the file that was
# right.
set -u
LC_ALL=C
export LC_ALL

command=$1
name=$2
given=exercise/$name
mine=${MINE:?}/$name.c
state=$MINE/.$name
work=$state/check

# shellcheck source=tools/workshop/verdict.sh
. "$ROOT/tools/workshop/verdict.sh"

sum() { cksum <"$1"; }

# Each file is written under another name: half a file is never read.
remembered() { if [ -s "$state/$1" ]; then cat "$state/$1"; else echo 0; fi; }
remember() { echo "$2" >"$state/new" && mv "$state/new" "$state/$1"; }

not_judged() {
    echo
    echo "That says nothing about $mine. Mend what is MISSING, then type:"
    with_name "$command"
    exit 2
}

# The command to type, with the name unless it is the folder's first exercise.
with_name() {
    set -- "$1" exercise/*/why.txt
    [ "$2" = "$given/why.txt" ] && echo "make $1" || echo "make $1 PROGRAM=$name"
}

copy_starter() {
    { mkdir -p "$work" && cp "$given/$name.c" "$work/starter" &&
        mv "$work/starter" "$mine"; } || not_judged
}

# A file without a byte counts as absent: a disk that was full left it.
copy_if_absent() {
    [ ! -s "$mine" ] || return 0
    copy_starter
    echo "$mine is yours: its first lines say what to do. As it is now:"
    echo
}

# Only what was changed since counts as another try.
count_try() {
    [ "$(sum "$mine")" != "$(sum "$given/$name.c")" ] || return 0
    [ "$(sum "$mine")" != "$(remembered judged)" ] || return 0
    remember judged "$(sum "$mine")"
    remember tries $(($(remembered tries) + 1))
}

# The next exercise, in this folder or in the next one. After the last one there
# may be exercises that were left out.
print_next() {
    next=$(sh "$ROOT/tools/workshop/progress.sh" next "$name")
    [ -n "$next" ] || [ "$ROOT" = . ] || next="cd .. && make progress"
    [ -z "$next" ] || printf '\nNext: %s\n' "$next"
}

check() {
    copy_if_absent
    count_try
    rm -rf "$work" && mkdir -p "$work"
    judge
    remember verdict "$verdict"
    if [ "$verdict" = right ]; then
        remember right "$(sum "$mine")"
        print_next
        return 0
    fi
    [ "$verdict" = compile ] || print_warning
    echo
    echo "Then: edit $mine, and type: $(with_name exercise)"
    echo "Or:   $(with_name hint)"
    return 1
}

hint() {
    copy_if_absent
    n=$(($(remembered hints) + 1))
    [ "$n" -le 3 ] || n=3
    remember hints "$n"
    echo "hint $n of 3"
    echo
    cat "$given/hint_$n.txt"
    [ "$n" -lt 3 ] || printf '\nThere are no more hints. To see a solution: %s\n' \
        "$(with_name solution)"
}

# A .bak that exists is older work: it is kept too.
reset() {
    if [ -f "$mine" ]; then
        bak=$mine.bak
        i=1
        while [ -e "$bak" ]; do
            i=$((i + 1))
            bak=$mine.bak.$i
        done
        mv "$mine" "$bak"
        echo "Your file is now $bak."
    fi
    rm -rf "$state"
    copy_starter
    echo "$mine is the starter again."
}

solution() {
    if [ "$(remembered tries)" -eq 0 ]; then
        echo "The solution is shown after one attempt of yours:"
        echo "edit $mine, then $(with_name exercise)."
        return 1
    fi
    if tr -d '\r' <"$mine" | cmp -s - "$given/.solution/$name.c"; then
        echo "Your file is the same as the solution."
    else
        echo "The changes from your file (-) to a right one (+); others are right too:"
        echo
        tr -d '\r' <"$mine" | diff -u - "$given/.solution/$name.c" | sed 1,2d
    fi
    echo
    cat "$given/why.txt"
}

# Looks once a second, since not every system tells of a changed file.
watch() {
    trap 'echo; exit 0' INT
    until check; do
        seen=$(sum "$mine")
        printf '\n(watching %s; ctrl-C ends it)\n' "$mine"
        while [ "$(sum "$mine" 2>/dev/null)" = "$seen" ] || [ ! -s "$mine" ]; do
            sleep 1
        done
        echo
    done
}

mkdir -p "$work" 2>/dev/null
{ has_tools && has_room && has_folders; } || not_judged
case $command in
exercise) check ;;
hint | reset | solution | watch) "$command" ;;
*)
    echo "exercise.sh: unknown command \"$command\": it must be exercise," \
        "hint, reset, solution or watch" >&2
    exit 2
    ;;
esac
