# For exercise.sh: judges $mine. Sets $verdict to one of compile, differs,
# now-and-then, stuck, race, died, endless, left, right, and prints it with what
# shows it and what to type next. What a run left is in $work.
# shellcheck shell=sh disable=SC2154,SC2034

run_seconds=2     # for the program as it is
search_seconds=${SEARCH_SECONDS:-3}  # for its schedules
most=128          # half kilobytes of output

if [ -t 1 ] && [ -z "${NO_COLOR-}" ]; then
    bold=$(printf '\033[1m')
    plain=$(printf '\033[0m')
else
    bold='' plain=''
fi

# shellcheck source=common/tools/stand_in.sh
. "$COMMON/tools/stand_in.sh"

make_quietly() { "$MAKE" --silent --no-print-directory "$@"; }
says() { verdict=$1 && shift && printf '%s%s%s\n' "$bold" "$*" "$plain"; }

# At most 80 columns, and not a whole novel.
shown() { fold -s -w 76 | sed 's/^/    /; s/ *$//' | sed '21{s/.*/    .../;q;}'; }

judge() {
    compiles && ends && {
        if can_explore; then every_schedule; else stand_in; fi
    }
}

# The first error, with its line. What the linker misses was not declared either.
first_error() {
    awk '/: (fatal )?error: / || /warning: implicit declaration/ { on = 1 }
        on && seen && /^[^ ].*:/ { exit } on { print; seen++ } seen == 4 { exit }' \
        "$1"
}

compiles() {
    make_quietly -C "$COMMON" limit
    make_quietly SAN= DEFINES= "build/$name" >/dev/null 2>"$work/compiler" && return 0
    says compile "It does not compile. The first error:"
    echo
    first_error "$work/compiler" >"$work/error"
    [ -s "$work/error" ] ||
        grep -E 'undefined (reference|symbol)|Undefined|rror' "$work/compiler" |
        head -n 3 >"$work/error"
    shown <"$work/error"
    return 1
}

# runs PROGRAM: under a limit of time and of what it prints, without a keyboard.
runs() {
    status=0
    (
        ulimit -f "$most"
        exec "$COMMON/build/time_limit" "$run_seconds" "$@"
    ) </dev/null >"$work/output" 2>"$work/errors" || status=$?
}

ends() { runs "./build/$name" && ended_well; }

# Says how the last run ended, unless that was well.
ended_well() {
    case $status in
    0) return 0 ;;
    3) grep -q '^Stuck' "$work/errors" && {
        says stuck "Stuck. Who waits for what:"
        echo
        sed 1,2d "$work/errors" | shown
        return 1
    } ;;
    124)
        says_deadlock && return 1
        says endless "It does not end: after $run_seconds seconds it was ended, with its children."
        had_printed "$work/output"
        return 1
        ;;
    153)
        says endless "It does not end: it prints on and on, and was ended."
        return 1
        ;;
    esac
    says died "It dies ($(how_it_ended "$status")):"
    echo
    shown <"$work/errors"
    had_printed "$work/output"
    return 1
}

# It did not end: perhaps explore knows who waits for a mutex of its own.
says_deadlock() {
    can_explore || return 1
    search 1
    finding deadlock || return 1
    says stuck "Stuck under schedule $schedule. Who waits for what:"
    echo
    shown <"$work/$file"
    print_replay
}

how_it_ended() {
    if [ "$1" -gt 128 ]; then
        echo "signal $(kill -l $(($1 - 128)) 2>/dev/null || echo $(($1 - 128)))"
    else
        echo "with status $1"
    fi
}

had_printed() {
    [ -s "$1" ] || return 0
    printf '\nIt had printed:\n\n'
    shown <"$1"
}

print_diff() {
    printf '\n(- should be there, + is there)\n\n'
    diff -u "$given/expected.txt" "$1" | sed 1,3d | shown
}

# Its messages at the end of main, when the output is right.
says_left() {
    [ -s "$work/errors" ] || return 1
    says left "Right output, but something is left at the end of main:"
    echo
    grep . "$work/errors" | sed '1{/^At the end/d;}' | shown
}

can_explore() {
    [ -n "$EXPLORE" ] || {
        why_not="explore is not in this folder"
        return 1
    }
    make_quietly -C "$(dirname "$EXPLORE")" tool library >/dev/null 2>"$work/why" &&
        return 0
    why_not=$(sed -n 's/.*\(explore runs on .*[^.]\)\.  Stop\.$/\1/p' "$work/why")
    : "${why_not:=explore could not be built}"
    return 1
}

# search SECONDS: what explore says, split into files.
search() {
    "$COMMON/build/time_limit" $(($1 * 5)) "$MAKE" --silent \
        --no-print-directory explore "PROGRAM=$name" \
        "OPTIONS=--one-output --seconds $1" \
        >"$work/report" 2>"$work/errors_of_explore" </dev/null
    awk -v dir="$work" -f "$COMMON/tools/explored.awk" "$work/report" >"$work/found"
    how_many=$(sed -n '1s/: .*//p' "$work/report")
}

every_schedule() {
    search "$search_seconds"
    if [ -z "$how_many" ]; then
        why_not="explore could not run it: $(head -n 1 "$work/errors_of_explore")"
        stand_in
    else
        says_of_schedules
    fi
}

# The worst first: found has a line for each finding and each output,
# "KIND NUMBER SCHEDULE COUNT", and what belongs to it is in KIND.NUMBER.
says_of_schedules() {
    if finding deadlock; then
        says stuck "Stuck under schedule $schedule. Who waits for what:"
    elif finding other; then
        says died "It goes wrong under schedule $schedule:"
    elif wrong_output; then
        says_wrong
        return
    elif finding race; then
        says_race
        return
    elif says_left; then
        return
    else
        says_right
        return
    fi
    echo
    shown <"$work/$file"
    print_replay
}

# With two preemptions all of them, or as many as there was time for.
says_right() {
    if [ "${how_many#*all of them with at most 2}" != "$how_many" ]; then
        says right "Right, under every schedule:"
        echo "$how_many."
    else
        says right "Right, under every schedule that there was time for:"
        echo "$how_many." | fold -s -w 78 | sed "s/ *$//"
    fi
    echo
    cat "$given/why.txt"
}

print_replay() {
    echo
    echo "Step by step, and drawn:"
    echo "    make replay PROGRAM=$name SCHEDULE=$schedule OPTIONS=--brief"
}

# finding KIND: sets file and schedule to those of the first.
finding() {
    read -r kind number schedule count <<END
$(grep "^$1 " "$work/found" | head -n 1)
END
    file=$1.$number
    [ -n "$kind" ]
}

# Sets file, schedule and count to the first wrong output, and right_too.
wrong_output() {
    right_too='' wrong=''
    cmp -s "$work/output" "$given/expected.txt" && right_too=yes
    while read -r kind number schedule count; do
        [ "$kind" = output ] || continue
        if cmp -s "$work/output.$number" "$given/expected.txt"; then
            right_too=yes
        else
            : "${wrong:=$number $schedule $count}"
        fi
    done <"$work/found"
    read -r number schedule count <<END
$wrong
END
    file=output.$number
    [ -n "$wrong" ]
}

says_wrong() {
    if [ -n "$right_too" ]; then
        says now-and-then \
            "Right now and then. Under schedule $schedule it prints this:"
    else
        says differs "It prints something else:"
        print_diff "$work/$file"
        return
    fi
    print_diff "$work/$file"
    echo
    case $how_many in
    *"all of them with at most 2"*) of=" of ${how_many%% *}" ;;
    *) of='' ;;
    esac
    echo "So it was under $count$of schedules."
    print_replay
}

# Two lines "WHO WHAT FILE:LINE", with what is written there.
says_race() {
    says race "Right output, but a data race: nothing orders these two."
    echo
    with_source <"$work/$file" | shown
    print_replay
}

with_source() {
    while read -r who what place; do
        line=''
        [ "${place%:*}" != "$name.c" ] ||
            line=$(sed -n "${place##*:}{s/^[[:space:]]*//;p;}" "$mine")
        printf '%-5s %-7s %-16s %s\n' "$who" "$what" "$place" "$line"
    done
}
