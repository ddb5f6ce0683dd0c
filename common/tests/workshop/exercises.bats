#!/usr/bin/env bats
# Every starter, every solution and every wrong attempt gets the verdict that is
# meant, as an attendee gets it: by make exercise.
# shellcheck disable=SC2030,SC2031

setup() {
    cd "$BATS_TEST_DIRNAME/../../.." || exit
    . common/tools/explored.bash
    cd 4_shared_state || exit
    WHY_NOT_EXPLORE=$(why_not_explore)
    cd .. || exit
    [ -z "$WHY_NOT_EXPLORE" ] || skip "$WHY_NOT_EXPLORE"
    export NO_COLOR=1
}

# verdict_on FOLDER NAME FILE: into $said, and the one word into $verdict.
verdict_on() {
    local my=$BATS_TEST_TMPDIR/$2
    mkdir -p "$my"
    cp "$1/exercise/$2/$3" "$my/$2.c"
    said=$($LIMIT make -s -C "$1" exercise PROGRAM="$2" MINE="$my" 2>&1)
    verdict=$(cat "$my/.$2/verdict")
    echo "== $1 $2 $3: $verdict"
    echo "$said"
    [ "$(wc -L <<<"${said//$my/my}")" -le 80 ]
}

@test "exercises: each has all its parts, and one TODO" {
    for why in [1-9]_*/exercise/*/why.txt; do
        folder=${why%/why.txt}
        name=${folder##*/}
        echo "$folder"
        [ "$(grep -c TODO "$folder/$name.c")" -eq 1 ]
        ! grep -q TODO "$folder/.solution/$name.c"
        for part in expected hint_1 hint_2 hint_3; do [ -s "$folder/$part.txt" ]; done
        [ "$(wc -l <"$folder/.wrong/verdicts")" -ge 4 ]
        awk 'length > 76 { print FILENAME ":" FNR; bad = 1 } FNR > 40 { bad = 1 }
            END { exit bad }' "$folder/$name.c" "$folder/.solution/$name.c" "$folder"/*.txt
    done
}

@test "exercises: solutions are right under every schedule with 2 preemptions" {
    for why in [1-9]_*/exercise/*/why.txt; do
        IFS=/ read -r folder _ name _ <<<"$why"
        SEARCH_SECONDS=60 verdict_on "$folder" "$name" ".solution/$name.c"
        [ "$verdict" = right ]
        [[ $said == *", all of them with at most 2 preemptions."* ]]
    done
}

@test "exercises: starters and wrong attempts get the verdict that is meant" {
    for why in [1-9]_*/exercise/*/why.txt; do
        IFS=/ read -r folder _ name _ <<<"$why"
        while read -r attempt meant; do
            file=.wrong/$attempt.c
            [ "$attempt" != starter ] || file=$name.c
            verdict_on "$folder" "$name" "$file"
            [ "$verdict" = "$meant" ]
        done <"$folder/exercise/$name/.wrong/verdicts"
    done
}

# in_tickets WORDS...: a make command in a folder of one's own.
in_tickets() {
    run $LIMIT make -s -C 4_shared_state "$@" MINE="$BATS_TEST_TMPDIR/my"
    echo "$output"
}

@test "exercises: hints are counted, a solution wants an attempt, reset keeps a copy" {
    mine=$BATS_TEST_TMPDIR/my/tickets.c
    in_tickets hint
    [[ $output == *"hint 1 of 3"* ]]
    in_tickets hint
    [[ $output == *"hint 2 of 3"* ]]
    in_tickets exercise
    in_tickets solution
    [[ $output == *"after one attempt"* ]]
    echo 'int missing = ;' >>"$mine"
    in_tickets exercise
    [[ $output == "It does not compile. The first error:"*"tickets.c:"*"error:"* ]]
    in_tickets solution
    [[ $output == *$'\n-int missing = ;'* ]]
    in_tickets reset
    grep -q missing "$mine.bak"
    cmp "$mine" 4_shared_state/exercise/tickets/tickets.c
    in_tickets solution
    [[ $output == *"after one attempt"* ]]
}

@test "exercises: what hangs or prints on and on is ended" {
    mkdir -p "$BATS_TEST_TMPDIR/my"
    mine=$BATS_TEST_TMPDIR/my/tickets.c
    echo 'int main(void) { for (volatile int i = 0; i < 2;) { } }' >"$mine"
    in_tickets exercise
    [[ $output == "It does not end: after 2 seconds"* ]]
    printf '#include <stdio.h>\nint main(void) { for (;;) puts("on"); }' >"$mine"
    in_tickets exercise
    [[ $output == "It does not end: it prints on and on"* ]]
    echo '#include <stdlib.h>
int main(void) { abort(); }' >"$mine"
    in_tickets exercise
    [[ $output == "It dies (signal "* ]]
}
