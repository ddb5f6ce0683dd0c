# For exercise.sh: judges $mine. Sets $verdict to one of compile, differs,
# now-and-then, stuck, race, died, endless, left, right, and prints it, with the
# lines that show it and the command to type next. The files of a run are in
# $work.
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

# shellcheck source=tools/workshop/schedules.sh
. "$ROOT/tools/workshop/schedules.sh"
# shellcheck source=tools/workshop/stand_in.sh
. "$ROOT/tools/workshop/stand_in.sh"

make_quietly() { "$MAKE" --silent --no-print-directory "$@"; }
says() { verdict=$1 && shift && printf '%s%s%s\n' "$bold" "$*" "$plain"; }

# Control characters of a program that went wrong must not reach the terminal.
printable() { tr '\000-\010\013-\037' '?'; }

# At most 80 columns and 20 lines. The library's report of waiting threads has
# that width already.
shown() {
    printable | fold -s -w 76 | sed 's/^/    /; s/ *$//' |
        sed '21{s/.*/    .../;q;}'
}
shown_as_it_is() { fold -s -w 80 | sed 's/ *$//' | sed '41{s/.*/.../;q;}'; }

judge() {
    variant=''  # of the program: as it is
    compiles && ends && {
        if can_explore; then every_schedule; else stand_in; fi
    }
}

# first_of WORDS FILE: the first error or warning in there, with its lines.
first_of() {
    awk -v words="$1" '
        $0 ~ words { on = 1 }
        on && seen && /^[^ ].*:/ { exit }
        on { print; seen++ }
        seen == 4 { exit }' "$2"
}

# An undefined function was not declared either: that warning has its line.
first_error() {
    first_of ': (fatal )?error: |warning: implicit declaration' "$1"
}

# Built again each time, so that the compiler repeats what it says.
compiles() {
    make_quietly -C "$ROOT" -f tools/make/library.mk limit
    rm -f "build/$name"
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

# A program that is not right may be so because of what the compiler warned of.
print_warning() {
    first_of '[0-9]: warning: ' "$work/compiler" >"$work/warning"
    [ -s "$work/warning" ] || return 0
    printf '\nThe compiler warns:\n\n'
    shown <"$work/warning"
}

# runs PROGRAM: under a limit of time and of what it prints, without a keyboard.
runs() {
    status=0
    (
        ulimit -f "$most"
        exec "$ROOT/build/time_limit" "$run_seconds" "$@"
    ) </dev/null >"$work/output" 2>"$work/errors" || status=$?
}

ends() { runs "./build/$name" && ended_well; }

# Says how the last run ended, unless that was well.
ended_well() {
    case $status in
    0) return 0 ;;
    3) if grep -q '^Stuck: ' "$work/errors"; then says_stuck; else says_died; fi ;;
    124) says_endless ;;
    153) says endless "It does not end: it prints on and on, and was killed." ;;
    *) says_died ;;
    esac
    return 1
}

says_stuck() {
    says stuck "Stuck. Who waits for what:"
    echo
    after_line '^Stuck: ' "$work/errors" | shown_as_it_is
    print_trace
}

# A run that ended by itself can be drawn, if it ends so without delays.
print_trace() {
    [ -n "$variant" ] || printf '\nDrawn:\n    make trace PROGRAM=%s\n' "$name"
}

# The lines behind that line and the empty line after it.
after_line() {
    awk -v words="$1" 'on > 1 { print } on == 1 { on = 2 } $0 ~ words { on = 1 }' "$2"
}

# explore may know more: the thread that waits for a mutex of the program's own,
# and the line of a thread that never ends.
says_endless() {
    ask_explore
    if finding deadlock; then
        says stuck "Stuck under $schedule_words. Who waits for what:"
        print_finding
    else
        says endless "It does not end: after $run_seconds seconds it was killed, with its children."
        if finding other; then print_lines; fi
        had_printed "$work/output"
    fi
}

says_died() {
    says died "It dies ($(how_it_ended "$status")):"
    file=errors draw=print_trace
    [ ! -s "$work/errors" ] || print_lines
    grep -q "$name\.c:[0-9]" "$work/errors" || says_where
    had_printed "$work/output"
    $draw
}

# The words of a crash, if there are any, have no line of the program's. Nor is it
# there to be drawn, but explore's is.
says_where() {
    ask_explore
    if finding other; then
        print_lines
        draw=print_replay
    else
        print_crash
        draw=:
    fi
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

# The last run.
printed_right() { cmp -s "$work/output" "$given/expected.txt"; }

says_differs() {
    says differs "It prints something else:"
    print_diff "$1"
}

# Output that diff would call a binary file is shown too.
print_diff() {
    echo
    printable <"$1" | diff -u "$given/expected.txt" - | sed '1,3d
        s/^-/should be: /; s/^+/is:        /; s/^ /           /
        s/^\\.*/           (without the end of the line)/
        s/^@@.*/           .../' | shown
}

# The library's words at the end of main, when the output is right.
left_words='At the end of the program something was left:'

says_left() {
    grep -q "^$left_words" "$work/errors" || return 1
    says left "Right output, but something is left at the end of main:"
    echo
    after_line "^$left_words" "$work/errors" | shown_as_it_is
}

# A file of words. Beneath a place that is in the attendee's file stands that line.
print_lines() {
    echo
    awk -v own="$name.c" -v mine="$mine" '
        BEGIN {
            while ((getline text < mine) > 0) {
                gsub(/^[ \t]+|[ \t\r]+$/, "", text)
                line[++n] = text
            }
        }
        {
            print
            while (match($0, own ":[0-9]+")) {
                n = substr($0, RSTART + length(own) + 1, RLENGTH - length(own) - 1)
                print "    " n ": " line[n + 0]
                $0 = substr($0, RSTART + RLENGTH)
            }
        }' "$work/$file" | shown
}
