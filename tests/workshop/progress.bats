#!/usr/bin/env bats
# make progress and make exercises: how far one is, and what to type next. make
# exercise remembers the right ones; here that file is written by hand.
# shellcheck disable=SC2030,SC2031

setup() {
    cd "$BATS_TEST_DIRNAME/../.." || exit
    copy=$BATS_TEST_TMPDIR/copy
    mkdir "$copy"
    tar -cf - --exclude=build --exclude=my Makefile [1-9]_* tools | tar -xf - -C "$copy"
    cd "$copy" || exit
    all=$(for why in [1-9]_*/exercise/*/why.txt; do
        echo "${why%/why.txt}"
    done)
    total=$(wc -l <<<"$all" | tr -d ' ')
}

# is_right FOLDER/exercise/NAME...: as make exercise leaves it.
is_right() {
    local given
    for given; do
        local name=${given##*/} my=${given%%/*}/my
        mkdir -p "$my/.$name"
        cp "$given/.solution/$name.c" "$my"
        cksum <"$my/$name.c" >"$my/.$name/right"
    done
}

# progress_is BAR NUMBER COMMAND...
progress_is() {
    run make -s progress
    echo "$output"
    [ "$status" -eq 0 ]
    [ "${lines[0]}" = "[$1] $2/$total" ]
    [ "${lines[1]}" = "${*:3}" ]
    [ "${#lines[@]}" -eq 2 ]
}

@test "progress: from none to all of them, in the order of the lessons" {
    progress_is '>---------' 0 "Next: cd 1_basic && make exercise"
    n=0
    # shellcheck disable=SC2086 # no path has a space
    set -- $all
    while [ $# -gt 1 ]; do
        is_right "$1"
        n=$((n + 1))
        shift
        folder=${1%%/*} name=${1##*/}
        first=("$folder"/exercise/*/why.txt)
        next="cd $folder && make exercise"
        [ "${first[0]}" = "$1/why.txt" ] || next+=" PROGRAM=$name"
        filled=$((10 * n / total))
        bar=$(printf '%*s' $filled '' | tr ' ' '#')'>---------'
        progress_is "${bar:0:10}" $n "Next: $next"
    done
    is_right "$1"
    progress_is '##########' "$total" "All of them are right."
    [[ $all == *5_callback_thread/exercise/at_once$'\n'5_callback_thread/* ]]
}

@test "progress: what was left out comes first, and what was edited since is open" {
    is_right 1_basic/exercise/answer 4_shared_state/exercise/tickets
    progress_is '##>-------' 2 "Next: cd 2_communication && make exercise"
    run make -s exercises
    echo "$output"
    [ "${#lines[@]}" -eq "$total" ]
    [ "${lines[0]}" = "[x] answer       cd 1_basic && make exercise" ]
    [ "${lines[1]}" = "[ ] given_away   cd 2_communication && make exercise" ]
    [ "${lines[5]}" = "[ ] lost_error   cd 5_callback_thread && make exercise PROGRAM=lost_error" ]
    echo '// one more line' >>1_basic/my/answer.c
    progress_is '#>--------' 1 "Next: cd 1_basic && make exercise"
}

# next_is NAME COMMAND
next_is() {
    run sh ../tools/workshop/progress.sh next "$1"
    echo "$1: $output"
    [ "$output" = "$2" ]
}

@test "progress: what comes next is in the folder, then in the next one, then nowhere" {
    cd 5_callback_thread
    next_is at_once "make exercise PROGRAM=lost_error"
    next_is lost_error "cd ../6_worker_shared_map && make exercise"
    cd ../7_all_together
    next_is pool ""
    # A folder that was packed is alone.
    mkdir "$BATS_TEST_TMPDIR/alone"
    cp -R ../5_callback_thread "$BATS_TEST_TMPDIR/alone"
    cp -R ../tools "$BATS_TEST_TMPDIR/alone"
    cd "$BATS_TEST_TMPDIR/alone/5_callback_thread"
    next_is at_once "make exercise PROGRAM=lost_error"
    next_is lost_error ""
}
