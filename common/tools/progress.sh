#!/bin/sh
# progress.sh progress|exercises [FOLDER], progress.sh next NAME: how many
# exercises are right, which there are, and what to type for the one that comes
# after NAME. Exercises are in the order of their folders' and their own names.
set -u
command=$1

# Is what my/NAME.c says now what was right?
is_right() {
    mine=${MINE:-$1/my}
    [ -f "$mine/$2.c" ] && [ -f "$mine/.$2/right" ] &&
        [ "$(cksum <"$mine/$2.c")" = "$(cat "$mine/.$2/right")" ]
}

# each FOLDERS...: lines "FOLDER NAME right|open FIRST?" of all exercises.
each() {
    for folder; do
        first=yes
        for why in "$folder"/exercise/*/why.txt; do
            [ -f "$why" ] || continue
            name=${why%/why.txt}
            name=${name##*/}
            is_right "$folder" "$name" && how=right || how=open
            echo "$folder $name $how $first"
            first=no
        done
    done
}

# to_type FOLDER NAME FIRST?
to_type() {
    typed="make exercise"
    [ "$3" = yes ] || typed="$typed PROGRAM=$2"
    [ "$1" = . ] && echo "$typed" || echo "cd $1 && $typed"
}

progress() {
    each [1-9]_* >"${list:=$(mktemp)}"
    total=$(wc -l <"$list")
    done=$(grep -c ' right ' "$list")
    filled=$((done * 10 / total))
    bar='##########' rest='---------'
    [ "$filled" -lt 10 ] && bar=$(echo "$bar" | cut -c "1-$filled" 2>/dev/null)
    [ "$filled" -gt 0 ] || bar=''
    [ "$filled" -eq 10 ] || bar="$bar>$(echo "$rest" | cut -c "$((filled + 1))-")"
    echo "[$bar] $done/$((total))"
    awk '$3 == "open" { print; exit }' "$list" >"$list.next"
    if read -r folder name how first <"$list.next"; then
        echo "Next: $(to_type "$folder" "$name" "$first")"
    else
        echo "All of them are right, under every schedule."
    fi
    rm -f "$list" "$list.next"
}

exercises() {
    each [1-9]_* | while read -r folder name how first; do
        [ "$how" = right ] && mark=x || mark=' '
        printf '[%s] %-12s %s\n' "$mark" "$name" "$(to_type "$folder" "$name" "$first")"
    done
}

next() {
    here=$(basename "$PWD")
    each . | awk -v name="$1" '$2 == name { on = 1; next } on { print; exit }' >"${MINE:?}/.next"
    if read -r folder name how first <"$MINE/.next"; then
        to_type "$folder" "$name" "$first"
    else
        for folder in ../[1-9]_*/exercise; do
            folder=${folder%/exercise}
            case $(printf '%s\n' "$here" "${folder##*/}" | sort | head -n 1) in
            "${folder##*/}") continue ;;
            esac
            echo "cd $folder && make exercise"
            break
        done
    fi
    rm -f "$MINE/.next"
}

case $command in
progress) progress ;;
exercises) exercises ;;
next) next "$2" ;;
esac
