#!/usr/bin/env bats
# The verdicts of make exercise where explore cannot run: by runs with delays,
# and by ThreadSanitizer, where that can run.
# shellcheck disable=SC2030,SC2031

# In a folder of our own: another compiler builds the library again.
setup_file() {
    cd "$BATS_TEST_DIRNAME/../../4_shared_state" || exit
    make -s pack
    tar -xzf 4_shared_state.tar.gz -C "$BATS_FILE_TMPDIR"
    rm 4_shared_state.tar.gz
}

setup() {
    cd "$BATS_TEST_DIRNAME/../.." || exit
    . tests/workshop/attempt.bash
    export NO_COLOR=1
    # Here a whole library is built more than once.
    # shellcheck disable=SC2153
    limit=${LIMIT:+${LIMIT% *} 120}
    my=$BATS_TEST_TMPDIR/my
    mkdir -p "$my"
}

# judged FOLDER NAME MAKE-ARGUMENTS...: into $said, and the word into $verdict.
judged() {
    said=$($limit make -s -C "$1" exercise EXPLORE= PROGRAM="$2" MINE="$my" \
        "${@:3}" 2>&1)
    verdict=$(cat "$my/.$2/verdict")
    echo "== $1 $2: $verdict"
    echo "$said"
    awk 'length > 80 { exit 1 }' <<<"${said//$my/my}"
}

# As a solution of tickets, of which it prints what is right.
write_tickets() {
    {
        printf '#include <stdio.h>\n#include "worker_threads.h"\n'
        cat
    } >"$my/tickets.c"
}

# By a look of our own: that of the verdict is what is tested.
skip_without_tsan() {
    echo 'int main(void) { return 0; }' >"$my/probe.c"
    { ${CC:-cc} -fsanitize=thread -o "$my/probe" "$my/probe.c" && "$my/probe"; } \
        >/dev/null 2>&1 || skip "no ThreadSanitizer"
}

@test "stand-in: all solutions are right, and it says what was tried" {
    for why in [1-9]_*/exercise/*/why.txt; do
        IFS=/ read -r folder _ name _ <<<"$why"
        cp "$folder/exercise/$name/.solution/$name.c" "$my"
        judged "$folder" "$name"
        [ "$verdict" = right ]
        skip_without_tsan
        [[ $said =~ ^"Right in "[1-9][0-9]*" runs with delays, and ThreadSanitizer saw no data race." ]]
        [[ $said == *$'\n'"Not tried: every schedule (explore is not in this folder)."$'\n'* ]]
    done
}

@test "stand-in: starters and wrong attempts are not right" {
    skip_without_patch
    for why in [1-9]_*/exercise/*/why.txt; do
        IFS=/ read -r folder _ name _ <<<"$why"
        while read -r attempt meant; do
            write_attempt "$folder/exercise/$name" "$attempt" "$my/$name.c"
            judged "$folder" "$name"
            # A mutex of the program's own is one of which only explore knows,
            # and what is right only now and then may be wrong in each run, as
            # may be what was freed. Of a race the compiler may make more.
            case "$meant $verdict" in
            "$meant $meant" | "stuck endless" | "now-and-then differs") ;;
            "now-and-then race" | "race now-and-then" | "died left" | "died differs") ;;
            *) false ;;
            esac
        done <"$folder/exercise/$name/.wrong/verdicts"
    done
}

@test "stand-in: what is wrong now and then is shown, and can be had again" {
    cp 4_shared_state/exercise/tickets/tickets.c "$my"
    judged 4_shared_state tickets
    [ "$verdict" = now-and-then ]
    [[ $said == "Wrong in some runs. In run "*$'\n    should be: sold 2, 0 left\n    is:        sold '* ]]
    again=$(sed -n 's/^    make //p' <<<"$said")
    [[ $again == "run-tickets SAN=delays DELAY_SEED="[1-9]* ]]
    for i in {1..50}; do
        # shellcheck disable=SC2086 # words for make
        got=$($limit make -s -C 4_shared_state $again MINE="$my")
        echo "$i: $got"
        [ "$got" = "sold 2, 0 left" ] || break
    done
    [ "$got" != "sold 2, 0 left" ]
}

@test "stand-in: a data race behind right output is shown, with both lines" {
    write_tickets <<'END'
int last;
static void sell(WorkerContext *self) { last = *(int *)self->worker_data; }
int main(void)
{
    int one = 1;
    Worker *first = worker_start_named("W1", sell, &one);
    last = 2;
    worker_join(&first);
    puts("sold 2, 0 left");
}
END
    judged 4_shared_state tickets
    skip_without_tsan
    [ "$verdict" = race ]
    [[ $said == "Right output, but a data race: nothing orders these two accesses."* ]]
    # Not everywhere does ThreadSanitizer hear of the names of threads.
    [ "$(uname)" = Linux ] && name=W1 || name='(W1|T1)'
    grep -A 1 -E "^    $name writes at tickets.c:4$" <<<"$said" |
        grep -qF '        4: static void sell(WorkerContext *self) {'
    grep -A 1 '^    main writes at tickets.c:9$' <<<"$said" |
        grep -qx '        9: last = 2;'
    [[ $said == *$'\n    make run-tickets SAN=thread-delays DELAY_SEED='* ]]
}

@test "stand-in: what is stuck, dies or is never right with delays gets that verdict" {
    # Only a run with delays has a seed.
    write_tickets <<'END'
#include <stdlib.h>
static void wait(WorkerContext *self)
{
    Message msg;
    if (getenv("DELAY_SEED"))
        port_receive(self->parent_port, &msg);
}
int main(void)
{
    Worker *first = worker_start_named("W1", wait, NULL);
    Message msg;
    port_receive(first->port, &msg);
    puts("sold 2, 0 left");
    worker_join(&first);
}
END
    judged 4_shared_state tickets
    [ "$verdict" = stuck ]
    [[ $said == "Stuck. Who waits for what:"*"main"*"SAN=delays DELAY_SEED=1"* ]]
    write_tickets <<'END'
#include <stdlib.h>
int main(void)
{
    if (getenv("DELAY_SEED"))
        abort();
    puts("sold 2, 0 left");
}
END
    judged 4_shared_state tickets
    [ "$verdict" = died ]
    [[ $said == "It dies (signal "*"SAN=delays DELAY_SEED=1"* ]]
    write_tickets <<'END'
int main(void) { puts("sold 3"); }
END
    judged 4_shared_state tickets
    [ "$verdict" = differs ]
}

@test "stand-in: a crash is shown with its line" {
    write_tickets <<'END'
static int *volatile none;
int main(void)
{
    *none = 1;
}
END
    judged 4_shared_state tickets
    [ "$verdict" = died ]
    [[ $said == "It dies (signal "[A-Z]*"):"* ]]
    skip_without_tsan
    [[ $said == *$'\n    at tickets.c:6\n        6: *none = 1;\n'* ]]
}

@test "stand-in: what the attendee prints to stderr is not what is left" {
    write_tickets <<'END'
int main(void)
{
    fprintf(stderr, "here\n");
    puts("sold 2, 0 left");
}
END
    judged 4_shared_state tickets
    [ "$verdict" = right ]
    write_tickets <<'END'
int main(void)
{
    fprintf(stderr, "here\nand here\n");
    Port *near, *far;
    channel_open(&near, &far);
    Message msg;
    port_receive(near, &msg);
}
END
    judged 4_shared_state tickets
    [ "$verdict" = stuck ]
    [[ $said == $'Stuck. Who waits for what:\n\nmain, at '* ]]
}

# cc_that FLAG DOES: a compiler that does so when it is given the flag.
cc_that() {
    # shellcheck disable=SC2016 # for the script
    printf '#!/bin/sh\ncase " $* " in *" %s "*) %s ;; esac\nexec %s "$@"\n' \
        "$1" "$2" "${CC:-cc}" >"$BATS_FILE_TMPDIR/fake_cc"
    chmod +x "$BATS_FILE_TMPDIR/fake_cc"
}

# right_but_for WORDS: with that compiler.
right_but_for() {
    judged "$BATS_FILE_TMPDIR/4_shared_state" tickets CC="$BATS_FILE_TMPDIR/fake_cc"
    [ "$verdict" = right ]
    [[ $said == "Right in "[1-9]*" runs${2-}."* ]]
    [[ $(tr '\n' ' ' <<<"$said") == *"Not tried: $1, every schedule (explore is "* ]]
}

@test "stand-in: where ThreadSanitizer cannot be had or does not run, it says so" {
    cp 4_shared_state/exercise/tickets/.solution/tickets.c "$my"
    cc_that -fsanitize=thread 'echo "no such thing" >&2; exit 1'
    right_but_for "ThreadSanitizer ($BATS_FILE_TMPDIR/fake_cc cannot build with it)" " with delays"

    # It builds something, which does not begin.
    printf '#include <stdlib.h>\nint main(void) { abort(); }\n' >"$my/dead.c"
    # shellcheck disable=SC2016 # for the script
    cc_that -fsanitize=thread \
        'set -- -o "$(echo " $*" | sed "s/.* -o \([^ ]*\).*/\1/")" '"$my/dead.c"
    right_but_for "ThreadSanitizer (a program built with it does not run here)" " with delays"
}

@test "stand-in: where a program cannot run with ThreadSanitizer, it says so" {
    skip_without_tsan
    # Only then are there such options.
    for does in 'for (volatile int i = 0; i < 2;) { }' \
        'fputs("FATAL: ThreadSanitizer: no room\n", stderr), exit(66);'; do
        write_tickets <<END
#include <stdlib.h>
int main(void)
{
    if (getenv("TSAN_OPTIONS"))
        $does
    puts("sold 2, 0 left");
}
END
        # A busy machine has time for fewer runs.
        DELAYED_SECONDS=60 judged 4_shared_state tickets
        [ "$verdict" = right ]
        [[ $said == "Right in 100 runs with delays."* ]]
        case $does in
        for*) why="with it the program takes too long" ;;
        *) why="a program built with it does not always run here" ;;
        esac
        [[ $(tr '\n' ' ' <<<"$said") == *"Not tried: ThreadSanitizer ($why), every schedule"* ]]
    done
}

@test "stand-in: where delays cannot be had, it says so" {
    cp 4_shared_state/exercise/tickets/.solution/tickets.c "$my"
    cc_that -DCOMMON_DELAYS 'exit 1'
    right_but_for "ThreadSanitizer (the program cannot be built with it), delays (they could not be built)"
}

@test "stand-in: a packed folder has all it needs" {
    cp 4_shared_state/exercise/tickets/tickets.c "$my"
    judged "$BATS_FILE_TMPDIR/4_shared_state" tickets
    [ "$verdict" = now-and-then ]
    # And explore too.
    . tools/workshop/explored.bash
    cd 4_shared_state
    [ -z "$(why_not_explore)" ] || return 0
    cd "$BATS_FILE_TMPDIR/4_shared_state"
    said=$($limit make -s exercise 2>&1)
    echo "$said"
    [[ $said == "my/tickets.c is yours"*"Wrong under "*" schedules"*"Under schedule "* ]]
}
