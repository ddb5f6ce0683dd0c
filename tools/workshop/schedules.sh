# For verdict.sh: what judges where explore can run: every schedule, or as many as
# there is time for.
# shellcheck shell=sh disable=SC2034,SC2154

can_explore() {
    [ -n "$EXPLORE" ] || {
        why_not="explore is not in this folder"
        return 1
    }
    for tool in nm addr2line; do
        has "$tool" || {
            why_not="it needs $tool, of the package binutils"
            return 1
        }
    done
    make_quietly -C "$(dirname "$EXPLORE")" tool library >/dev/null 2>"$work/why" &&
        return 0
    why_not=$(sed -n 's/.*\(explore runs on .*[^.]\)\.  Stop\.$/\1/p' "$work/why")
    : "${why_not:=explore could not be built}"
    return 1
}

# search SECONDS LIMIT OPTIONS: what explore says, split into files. Their list
# is in found.
search() {
    # shellcheck disable=SC2086  # several words
    "$ROOT/build/time_limit" "$2" "$MAKE" --silent \
        --no-print-directory $as_it_is explore "PROGRAM=$name" \
        "OPTIONS=--one-output --seconds $1 $3" \
        >"$work/report" 2>"$work/errors_of_explore" </dev/null
    awk -v dir="$work" -v own="$name.c" -f "$ROOT/tools/workshop/explored.awk" \
        "$work/report" >"$work/found"
    how_many=$(sed -n '1s/: .*//p' "$work/report")
}

# Of a program that does not end well: the first thing that explore finds.
ask_explore() {
    : >"$work/found"
    if can_explore; then search 1 3 --stop; fi
}

every_schedule() {
    search "$search_seconds" $((search_seconds * 5)) ''
    if [ -z "$how_many" ]; then
        why_not="explore could not run it: $(head -n 1 "$work/errors_of_explore")"
        stand_in
    else
        says_of_schedules
    fi
}

# The worst first.
says_of_schedules() {
    if finding deadlock; then
        says stuck "Stuck under $schedule_words. Who waits for what:"
        print_finding
    elif finding other; then
        says died "It goes wrong under $schedule_words:"
        print_finding
    elif wrong_output; then
        says_wrong
    elif finding race; then
        says_race
    elif ! printed_right; then
        # Not by a schedule, but perhaps by what was in memory before.
        says_differs "$work/output"
    else
        says_left || says_right
    fi
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
    echo "    make replay PROGRAM=$name $schedule OPTIONS=--brief"
}

print_finding() {
    print_lines
    print_replay
}

# is KIND NUMBER SCHEDULE COUNT: a line of found. SEED=21 is a random schedule.
is() {
    file=$1.$2 schedule=$3 count=$4
    case $schedule in
    SEED=*) schedule_words="random schedule ${schedule#*=}" ;;
    *) schedule_words="schedule ${schedule#*=}" ;;
    esac
}

# finding KIND: the first one of that kind.
finding() {
    # shellcheck disable=SC2046  # four words, or none
    set -- $(grep "^$1 " "$work/found" | head -n 1)
    [ $# -eq 4 ] && is "$@"
}

# The first wrong output. Sets right_too too. A run was before all schedules, of
# what the compiler makes of it for speed.
wrong_output() {
    right_too='' wrong=''
    if printed_right; then right_too=yes; fi
    while read -r kind number schedule count; do
        [ "$kind" = output ] || continue
        if cmp -s "$work/output.$number" "$given/expected.txt"; then
            right_too=yes
        else
            : "${wrong:=$kind $number $schedule $count}"
        fi
    done <"$work/found"
    # shellcheck disable=SC2086  # four words
    [ -n "$wrong" ] && is $wrong
}

says_wrong() {
    if [ -z "$right_too" ]; then
        says_differs "$work/$file"
        return
    fi
    case $how_many in
    *"all of them with at most 2"*) of="${how_many%% *} schedules" ;;
    *) of='the schedules that were tried' ;;
    esac
    says now-and-then "Wrong under $count of $of."
    echo "Under $schedule_words it prints this:"
    print_diff "$work/$file"
    print_replay
}

# With a data race a compiler may do what no schedule of what was written does.
says_race() {
    if printed_right; then
        says race "Right output, but a data race: nothing orders these two accesses."
        print_lines
    else
        says race "A data race: nothing orders these two accesses."
        print_lines
        printf '\nAnd so it printed this:\n'
        print_diff "$work/output"
    fi
    print_replay
}
