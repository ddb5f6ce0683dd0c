#!/usr/bin/env bats
# explore's findings on programs with a known answer: litmus tests and mistakes.

setup_file() {
    make -s -C "$BATS_TEST_DIRNAME" tool library
}

setup() {
    cd "$BATS_TEST_DIRNAME" || exit
    LIMIT=${LIMIT:-$(make -s -C ../1_basic limit)}
}

# verdict NAME "FLAGS" WORDS...: the program's outputs or findings, in order.
# A word in capital letters is an order: STORE=release is -DSTORE=release.
verdict() {
    local program=$1 flags=
    shift
    for flag in $1; do flags+=" -D$flag"; done
    shift
    run $LIMIT make -s run FILES="$PWD/tests/$program.c" DEFINES="$flags" \
        OPTIONS="--seconds 3 ${OPTIONS-}"
    echo "$program$flags:"
    echo "$output"
    [ "$(sed -nE 's/^    ([^(].*)/\1/p; s/^(data race|deadlock|use after [a-z]*|misuse|assertion|crash|exit status [0-9]*|does not end|double free|destroyed too early):.*/\1/p' <<<"$output" |
        grep -v ' waits for ' | LC_ALL=C sort -u | paste -sd' ')" = "$*" ]
}

@test "explore: store buffering" {
    verdict sb "" 00 01 10 11
    verdict sb "STORE=release LOAD=acquire" 00 01 10 11
    verdict sb "STORE=seq_cst LOAD=seq_cst" 01 10 11
    verdict sb "STORE=seq_cst LOAD=acquire" 00 01 10 11
    verdict sb "FENCE=seq_cst" 01 10 11
    verdict sb "FENCE=acq_rel" 00 01 10 11
}

@test "explore: message passing" {
    verdict mp "" 00 01 10 11
    verdict mp "STORE=release" 00 01 10 11
    verdict mp "LOAD=acquire" 00 01 10 11
    verdict mp "STORE=release LOAD=acquire" 00 01 11
    verdict mp "STORE=seq_cst LOAD=seq_cst" 00 01 11
    verdict mp "FENCE=acq_rel" 00 01 11
    verdict mp "FENCE=release LOAD=acquire" 00 01 11
    verdict mp "FENCE=release" 00 01 10 11
    verdict mp "FENCE=acquire" 00 01 10 11
}

@test "explore: message passing of what is no atomic" {
    verdict mp_plain "" 0 data race
    verdict mp_plain "STORE=release" 0 data race
    verdict mp_plain "LOAD=acquire" 0 data race
    verdict mp_plain "STORE=release LOAD=acquire" 0 1
    verdict mp_plain "FENCE=acq_rel" 0 1
    verdict mp_plain "FENCE=release" 0 data race
}

@test "explore: a data race need not be the end" {
    OPTIONS=--go-on verdict mp_plain "" 0 1 data race
    OPTIONS=--go-on verdict mp_plain "STORE=release LOAD=acquire" 0 1
    # The same data race is one finding, whichever thread comes first.
    OPTIONS="--go-on --plain" verdict mp_plain "" 0 1 data race
    [ "$(grep -c "^data race: thread 1 writes .*, and thread 2 reads it" <<<"$output")" -eq 1 ]
}

@test "explore: a replay can be of the program's own lines only" {
    # Without optimisation, so that each step is where it was written.
    run $LIMIT make -s replay FILES="$PWD/tests/mp_plain.c" SCHEDULE=0 \
        DEFINES=-O0 OPTIONS="--brief --plain --go-on"
    echo "$output"
    [ "$status" -eq 0 ]
    # The steps that another thread could notice, each with its source line.
    [[ $output == *"  thread 1  mp_plain.c:9   writes data            data = 1;"$'\n'* ]]
    [[ $output == *"  thread 2  mp_plain.c:19  reads data: 1          r[0] = data;"$'\n'* ]]
    [[ $output != *"  main      litmus.h:44    reads A"* ]]
    sed '/^It prints/,$d' <<<"$output" | awk 'length > 80 || / $/ { exit 1 }'
    run $LIMIT make -s replay FILES="$PWD/tests/mp_plain.c" SCHEDULE=0 \
        DEFINES=-O0 OPTIONS="--plain --go-on"
    echo "$output"
    [[ $output == *"main         litmus.h:44 "*" reads A"* ]]
    run $LIMIT make -s replay FILES="$PWD/../1_basic/main.c $PWD/../1_basic/worker.c" \
        SCHEDULE=0 OPTIONS=--brief
    echo "$output"
    [[ $output == *"  worker_main  worker.c:8  port_post(self->parent_port, \"Hello!\");"$'\n'* ]]
    [ "$(grep -E '^ +[0-9]+ ' <<<"$output" | grep -vcE ' (main|worker)\.c:[0-9]+ ')" -eq 0 ]
}

@test "explore: variables have their names, where one only has it" {
    cd "$BATS_TEST_TMPDIR" || exit
    cat >one.c <<'END'
#include <pthread.h>
#include <stddef.h>
void *other(void *unused);
static int same, only, some[4];
int main(void)
{
    static int within;
    pthread_t thread;
    same = only = some[2] = within = -1;
    pthread_create(&thread, NULL, other, &within);
    pthread_join(thread, NULL);
    return same + only + some[2] - within + 2;
}
END
    cat >two.c <<'END'
static int same;
void *other(void *within)
{
    same += ++*(int *)within;
    return &same;
}
END
    run $LIMIT make -s -C "$BATS_TEST_DIRNAME" replay FILES="$PWD/one.c $PWD/two.c" \
        DEFINES="-O0 -gdwarf-4" SCHEDULE=0 OPTIONS=--plain
    echo "$output"
    [[ $output == *" writes only"* && $output == *" reads only: -1"* ]]
    [[ $output == *" writes some+8"* && $output == *" writes within"* ]]
    [[ $output == *" two.c:4 "*" writes within"* && $output == *" reads within: 0"* ]]
    [[ $output != *same* ]]
}

@test "explore: release sequences" {
    verdict mp_sequence "STORE=release LOAD=acquire" 0 1
    verdict mp_sequence "STORE=release LOAD=acquire ENDED" 0 data race
}

@test "explore: load buffering is not modelled" {
    verdict lb "" 00 01 10
}

@test "explore: independent reads of independent writes" {
    verdict iriw "" agree disagree
    verdict iriw "STORE=release LOAD=acquire" agree disagree
    verdict iriw "STORE=seq_cst LOAD=seq_cst" agree
    verdict iriw "FENCE=seq_cst" agree
}

@test "explore: coherence" {
    verdict corr "" 00 01 02 11 12 22
    verdict cowr "" 11 12 22
}

@test "explore: causality" {
    verdict wrc "" 00 01 10 11
    verdict wrc "STORE=release LOAD=acquire" 00 01 11
}

@test "explore: read-modify-writes" {
    verdict rmw "" 2
    verdict rmw "APART" 1 2
    verdict cas "" 1
    # clang does not say which ones are weak.
    if [[ ${CC-} == clang* ]]; then
        verdict cas "WEAK" 1
    else
        verdict cas "WEAK" 0 1
    fi
}

@test "explore: deadlocks" {
    verdict locks "" 2
    verdict locks "ABBA" 2 deadlock
    [[ $output == *"thread 1 waits for a mutex at locks.c:"*", from locks.c:"* ]]
}

@test "explore: conditions, lost wake-ups and spurious ones" {
    verdict condition "" 2
    verdict condition "IF" 0 1 2
    verdict condition "LATE" 2 deadlock
    verdict condition "NO_LOCK" 2 deadlock
    verdict condition "ONE_SIGNAL" 2 deadlock
}

@test "explore: memory that is gone, and other ends" {
    verdict memory "" over
    verdict memory "AFTER_FREE" over use after free
    verdict memory "CRASH" crash over
    verdict memory "DESTROYED" destroyed too early over use after destroy
    verdict memory "ASSERTION" assertion over
    verdict memory "STATUS" exit status 7 over
    verdict memory "RETURNED" over use after return
}

@test "explore: where a program crashed, and where it goes on and on" {
    verdict memory "CRASH" crash over
    line=$(grep -n 'r\[0\] = ++' tests/memory.c | cut -d: -f1)
    [[ $output == *"crash: thread 2 crashes at memory.c:$line"[,:]* ]]
    verdict crash "" crash
    line=$(grep -n 'puts(' tests/crash.c | cut -d: -f1)
    [[ $output == *"crash: main crashes in a call made at crash.c:$line"[,:]* ]]
    verdict forever "NEVER" does not end
    [[ $output == *": after 200000 steps "*" is at forever.c:"* ]]
}

@test "explore: what functions of the C library read is noted" {
    for function in PUTS FPUTS FWRITE PRINTF PRECISION FPRINTF SNPRINTF INTO \
        STRDUP STRNCMP STRCHR STRCAT ATOI STRTOLL; do
        verdict texts $function data race
    done
    verdict texts NO_BYTES "at (nil) is no text" over
    for function in FPUTS FWRITE; do
        verdict texts "$function OTHER_BYTES" 123over
    done
    verdict texts "PRINTF OTHER_BYTES" "1  |+2| 3.00|4.0|c|16|%|6|other|123." over
    verdict texts "PRECISION OTHER_BYTES" "no   7 12" over
    verdict texts "SNPRINTF OTHER_BYTES" 123 over
    verdict texts "INTO OTHER_BYTES" over
    verdict texts "STRNCMP OTHER_BYTES" over
}

@test "explore: time" {
    verdict time "" 0 1
    verdict time "SLEEP" 0 1
}

@test "explore: read-write locks, semaphores, barriers, keys" {
    OPTIONS="--schedules 2000" verdict others "" "4 1 2 0"
}

@test "explore: looking for something lets others run" {
    verdict forever "" over
    verdict forever "NEVER" does not end
    verdict polling "" over
}

# The program as it was built last.
explored() {
    # shellcheck disable=SC2012  # our own names
    $LIMIT build/explore "$(ls -t build/programs/*.so | head -n 1)" "$@"
}

@test "explore: a schedule that is drawn is the one that was found" {
    run $LIMIT make -s replay FILES="$PWD/tests/drawn.c" FROM="$BATS_TEST_TMPDIR" SEED=1
    echo "$output"
    [ "$status" -eq 0 ]
    [ -s "$BATS_TEST_TMPDIR/trace.mmd" ]
    events=$BATS_TEST_TMPDIR/events
    outputs=
    for ((seed = 1; seed <= ${SEEDS:-20}; seed++)); do
        found=$(explored --bound -1 --seconds 0 --schedules 1 --first-seed $seed)
        [[ "$found" = *"SEED=$seed)"* ]]
        outcome=$(sed -n 's/^    //p' <<<"$found")
        outputs+="$outcome "
        replayed=$(TRACE_FILE=$events explored --seed $seed)
        [[ "$replayed" = *$'\nIt prints:\n'"$outcome" ]]
        # Step by step the same as without a picture.
        [ "$(explored --seed $seed)" = "$replayed" ]
        awk -f ../tests/pictures/trace_check.awk "$events"
        # The picture has the same result as the run.
        [ "$(awk -F '\t' '$8 == "get balance" { last = $9 } END { print last }' \
            "$events")" = "$outcome" ]
        drawn_as_it_was "$events"
    done
    [[ "$outputs" = *110* && "$outputs" = *120* ]]
}

# Every get of a map returns the value of the last set before it.
drawn_as_it_was() {
    awk -F '\t' '$8 == "set balance" { now = $9 }
        $8 == "get balance" && $9 != now { print; wrong = 1 }
        END { exit wrong }' "$1"
}

@test "explore: every output of a program is drawn by the schedule that is told" {
    run $LIMIT make -s run FILES="$PWD/tests/drawn.c" OPTIONS="--bound 1 --seconds 3"
    echo "$output"
    mapfile -t schedules < <(sed -nE 's/^Output.*make replay SCHEDULE=([^)]*)\):/\1/p' <<<"$output")
    mapfile -t outcomes < <(sed -n 's/^    //p' <<<"$output")
    [ "${#schedules[@]}" -eq 2 ]
    events=$BATS_TEST_TMPDIR/events
    for i in 0 1; do
        replayed=$(TRACE_FILE=$events explored --schedule "${schedules[$i]}")
        [[ "$replayed" = *$'\nIt prints:\n'"${outcomes[$i]}" ]]
        awk -f ../tests/pictures/trace_check.awk "$events"
        drawn_as_it_was "$events"
    done
}

@test "explore: of the examples, those that go wrong on purpose have to, and no others" {
    run $LIMIT make -s -C ../4_shared_state explore-of-race
    echo "$output"
    [ "$status" -eq 0 ]
    [[ $output == "4_shared_state race "*", 2 outputs, on purpose" ]]
    run $LIMIT make -s -C ../4_shared_state explore-of-race WRONG=
    [ "$status" -ne 0 ]
    run $LIMIT make -s -C ../4_shared_state explore-of-race_atomic WRONG=race_atomic
    [ "$status" -ne 0 ]
}
