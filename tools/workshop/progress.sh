#!/bin/sh
# progress.sh progress|exercises, at the top: how many exercises are right, and
# which there are. progress.sh next NAME, in a folder: what to type for the one
# that comes after NAME. They are in the order of their folders' and own names.
# shellcheck disable=SC2016  # these are awk's
set -u
LC_ALL=C
export LC_ALL

# Is what my/NAME.c says now what was right?
is_right() {
    mine=${MINE:-$1/my}
    [ -f "$mine/$2.c" ] && [ -f "$mine/.$2/right" ] &&
        [ "$(cksum <"$mine/$2.c")" = "$(cat "$mine/.$2/right")" ]
}

# each FOLDERS...: lines "FOLDER NAME right|open COMMAND" of all exercises, where
# the command is what to type for it. A folder's first needs no name.
each() {
    for folder; do
        [ "$folder" = . ] && go='' || go="cd $folder && "
        named=''
        for why in "$folder"/exercise/*/why.txt; do
            [ -f "$why" ] || continue
            name=${why%/why.txt}
            name=${name##*/}
            is_right "$folder" "$name" && how=right || how=open
            echo "$folder $name $how ${go}make exercise${named:+ PROGRAM=$name}"
            named=yes
        done
    done
}

# with_command PROGRAM AWK-OPTIONS...: in awk's program command() is the last
# field of each's lines.
with_command() {
    program=$1 && shift
    awk "$@" '
        function command() { sub(/^[^ ]+ [^ ]+ [^ ]+ /, ""); return $0 }
        '"$program"
}

progress() {
    each [1-9]_* | with_command '
        $3 == "right" { right++ }
        $3 == "open" && next_one == "" { next_one = command() }
        END {
            filled = int(10 * right / NR)
            for (i = 1; i <= 10; i++)
                bar = bar (i <= filled ? "#" : i == filled + 1 ? ">" : "-")
            printf "[%s] %d/%d\n", bar, right, NR
            print right < NR ? "Next: " next_one : "All of them are right."
        }'
}

exercises() {
    each [1-9]_* | with_command '{
        mark = $3 == "right" ? "x" : " "
        name = $2
        printf "[%s] %-12s %s\n", mark, name, command()
    }'
}

# The rest of this folder, or the next folder.
next() {
    each . ../[1-9]_* | with_command '
        after && $1 == "." || $1 > here { print command(); exit }
        $2 == name { after = 1 }' \
        -v name="$1" -v here="../$(basename "$PWD")"
}

case $1 in
progress | exercises) "$1" ;;
next) next "$2" ;;
esac
