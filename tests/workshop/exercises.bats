#!/usr/bin/env bats
# Every starter, every solution and every wrong attempt gets the verdict that is
# meant, as an attendee gets it: by make exercise.
# shellcheck disable=SC2030,SC2031

setup() {
    cd "$BATS_TEST_DIRNAME/../.." || exit
    . tools/workshop/explored.bash
    . tests/workshop/attempt.bash
    cd 4_shared_state || exit
    why_not=$(why_not_explore)
    cd .. || exit
    [ -z "$why_not" ] || skip "$why_not"
    export NO_COLOR=1
}

# verdict_on FOLDER NAME ATTEMPT: into $said, and the one word into $verdict.
verdict_on() {
    local my=$BATS_TEST_TMPDIR/$2
    mkdir -p "$my"
    write_attempt "$1/exercise/$2" "$3" "$my/$2.c"
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
        grep -qF "my/$name.c" "${folder%%/*}/README.md"
        awk 'length > 76 { print FILENAME ":" FNR; bad = 1 } FNR > 40 { bad = 1 }
            END { exit bad }' "$folder/$name.c" "$folder/.solution/$name.c" "$folder"/*.txt
    done
}

@test "exercises: solutions are right under every schedule with 2 preemptions" {
    for why in [1-9]_*/exercise/*/why.txt; do
        IFS=/ read -r folder _ name _ <<<"$why"
        SEARCH_SECONDS=60 verdict_on "$folder" "$name" solution
        [ "$verdict" = right ]
        [[ $said == *", all of them with at most 2 preemptions."* ]]
        [[ ${said##*$'\n'} == "Next: "* ]]
    done
}

@test "exercises: starters and wrong attempts get the verdict that is meant" {
    skip_without_patch
    for why in [1-9]_*/exercise/*/why.txt; do
        IFS=/ read -r folder _ name _ <<<"$why"
        while read -r attempt meant; do
            verdict_on "$folder" "$name" "$attempt"
            [ "$verdict" = "$meant" ]
        done <"$folder/exercise/$name/.wrong/verdicts"
    done
}

@test "exercises: what a verdict says to type draws what went wrong" {
    copy=$BATS_TEST_TMPDIR/copy
    mkdir "$copy"
    tar -cf - --exclude=my [1-9]_* build common tools trace explore | tar -xf - -C "$copy"
    cd "$copy"
    for why in [1-9]_*/exercise/*/why.txt; do
        IFS=/ read -r folder _ name _ <<<"$why"
        verdict_on "$folder" "$name" starter
        command=$(sed -n 's/^    make /make -s /p' <<<"$said")
        # For a program that only prints something else there is nothing to
        # draw.
        [ "$verdict" != differs ] || continue
        [[ $command == "make -s replay "* || $command == "make -s trace "* ]]
        # shellcheck disable=SC2086 # words
        drawn=$(cd "$folder" && $LIMIT $command MINE="$BATS_TEST_TMPDIR/$name" 2>&1) ||
            [ "$verdict" != now-and-then ]
        echo "$drawn"
        case $verdict in
        now-and-then) words=$(sed -n 's/^    is:        //p' <<<"$said") ;;
        stuck) words="waits forever" ;;
        died) words="port_post: this port was closed or moved away" ;;
        esac
        grep -qF "$words" <<<"$drawn"
        grep -q '^main   ' <<<"$drawn"
        [ -s "$folder/trace.html" ]
        # Its steps are those that were written: no compiler has moved them.
        if [ "$name" = tickets ]; then
            line=$(grep -n 'left--;' "$folder/exercise/tickets/tickets.c" | cut -d: -f1)
            grep -qE "W1  *tickets.c:$line  *writes" <<<"$drawn"
        fi
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

# judges: what make exercise says of a program of our own for tickets.
judges() {
    mkdir -p "$BATS_TEST_TMPDIR/my"
    {
        printf '#include <stdio.h>\n#include "worker_threads.h"\n'
        cat
    } >"$BATS_TEST_TMPDIR/my/tickets.c"
    in_tickets exercise
    verdict=$(cat "$BATS_TEST_TMPDIR/my/.tickets/verdict")
}

@test "exercises: what crashes, or uses what is gone, is shown with its line" {
    judges <<'END'
static int *volatile none;
static void sell(WorkerContext *self) { *none = self != NULL; }
int main(void) { worker_join(&(Worker *){ worker_start_named("W1", sell, NULL) }); }
END
    [ "$verdict" = died ]
    [[ $output == "It dies (signal SEGV):"* ]]
    [[ $output == *$'\n    W1 crashes at tickets.c:4: Segmentation fault.\n        4: static void sell('* ]]
    [[ $output == *$'\n    make replay PROGRAM=tickets SCHEDULE='* ]]
    judges <<'END'
static void sell(WorkerContext *self) { (void)self; }
int main(void)
{
    Worker *worker = worker_start_named("W1", sell, NULL), *same = worker;
    worker_join(&worker);
    worker_join(&same);
    puts("sold 2, 0 left");
}
END
    [ "$verdict" = died ]
    [[ $output == *$'\n    main uses memory at tickets.c:8 that was freed.\n        8: worker_join(&same);\n'* ]]
}

@test "exercises: what the C library says of a crash has no line, so explore is asked" {
    judges <<'END'
#include <stdlib.h>
int main(void)
{
    int *volatile number = malloc(sizeof *number);
    free(number);
    free(number);
}
END
    [ "$verdict" = died ]
    [[ $output == "It dies (signal ABRT):"*"double free"*$'\n        8: free(number);\n'*"make replay "* ]]
}

@test "exercises: what fails only under some schedule, or goes on and on, is shown" {
    judges <<'END'
#include <stdatomic.h>
#include <time.h>
static atomic_int done;
static void sell(WorkerContext *self) { done = self != NULL; }
int main(void)
{
    Worker *worker = worker_start_named("W1", sell, NULL);
    nanosleep(&(struct timespec){ .tv_nsec = 500 * 1000 * 1000 }, NULL);
    int status = done ? 0 : 7;
    worker_join(&worker);
    puts("sold 2, 0 left");
    return status;
}
END
    [ "$verdict" = died ]
    [[ $output == "It goes wrong under schedule "*$'\n    The program ends with status 7, in main.\n'* ]]
    judges <<'END'
#include <stdatomic.h>
static atomic_int never;
int main(void)
{
    while (!never) { }
}
END
    [ "$verdict" = endless ]
    [[ $output == "It does not end: after 2 seconds"*" main is at tickets.c:7."$'\n        7: while '* ]]
}

@test "exercises: what is right under every schedule and yet was not is not right" {
    judges <<'END'
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
int main(void)
{
    char *text = strdup("sold 2, 0 left\n");
    free(text);
    return write(STDOUT_FILENO, text, 15) != 15;
}
END
    [ "$verdict" = differs ]
    [[ $output == "It prints something else:"*"should be: sold 2, 0 left"* ]]
}

@test "exercises: a data race is one also where the compiler has made more of it" {
    judges <<'END'
static int last;
static void sell(WorkerContext *self) { last = self != NULL; }
int main(void)
{
    Worker *worker = worker_start_named("W1", sell, NULL);
    last = 2;
    worker_join(&worker);
#ifdef __OPTIMIZE__
    puts("sold 3, 0 left");
#else
    puts("sold 2, 0 left");
#endif
}
END
    [ "$verdict" = race ]
    [[ $output == "A data race: nothing orders these two accesses."*"last = 2;"*"And so it printed this:"*"is:        sold 3, 0 left"*"make replay "* ]]
}

@test "exercises: the compiler's first warning is shown, unless all is right" {
    judges <<'END'
int main(void)
{
    int unused, none;
    puts("sold 3");
}
END
    [[ $output == "It prints something else:"*$'\nThe compiler warns:\n\n'* ]]
    [[ $output == *"tickets.c:5:"*"unused variable"* ]]
    [ "$(grep -c warning: <<<"$output")" -eq 1 ]
    # Also when nothing was edited since.
    in_tickets exercise
    [[ $output == *$'\nThe compiler warns:\n\n'* ]]
    judges <<'END'
int main(void)
{
    int unused;
    puts("sold 2, 0 left");
}
END
    [ "$verdict" = right ]
    [[ $output != *"The compiler warns"* ]]
}

@test "exercises: what explore says is taken apart" {
    cat >"$BATS_TEST_TMPDIR/report" <<'END'
579 schedules, all of them with at most 1 preemption, and 9 random and 9 PCT: 4 findings, 2 outputs

data race: W1 writes the memory at map.c:5, from mine.c:12, from worker_threads.c:47, and main reads it at mine.c:30, from mine.c:31, with nothing that orders the two.
    (1 schedule; make replay SEED=21)

deadlock: No thread can go on.
    main waits for W1 at stuck.c:30, from worker_threads.c:121, from mine.c:37.
    W1 waits for a mutex at not_mine.c:9, from os.c:16.
    (1,113 schedules; make replay SCHEDULE=0)
  The program had printed:
    one

exit status 7: The program ends with status 7, in main.
    (2 schedules; make replay SCHEDULE=6.1,9.2)

Output 1 (570 schedules; make replay SCHEDULE=0):
    one at mine.c:1, from mine.c:2
        two

Output 2 (9 schedules; make replay SEED=4):
END
    cd "$BATS_TEST_TMPDIR"
    run awk -v dir=. -v own=mine.c \
        -f "$BATS_TEST_DIRNAME/../../tools/workshop/explored.awk" report
    echo "$output"
    [ "$output" = "race 1 SEED=21 1
deadlock 1 SCHEDULE=0 1,113
other 1 SCHEDULE=6.1,9.2 2
output 1 SCHEDULE=0 570
output 2 SEED=4 9" ]
    [ "$(cat race.1)" = "W1 writes at mine.c:12
main reads at mine.c:30" ]
    [ "$(cat deadlock.1)" = "No thread can go on.
main waits for W1 at mine.c:37.
W1 waits for a mutex at not_mine.c:9." ]
    [ "$(cat other.1)" = "The program ends with status 7, in main." ]
    [ "$(cat output.1)" = "one at mine.c:1, from mine.c:2
    two" ]
    [ ! -s output.2 ]
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
