#!/usr/bin/env bats
# An attendee's evening and workshop, as README.md shows it: in a terminal of 80
# columns, in a copy of the project.

setup() {
    cd "$BATS_TEST_DIRNAME/.." || exit
    # shellcheck source=tools/workshop/explored.bash
    . tools/workshop/explored.bash
    . tests/workshop/attempt.bash
    root=$PWD
    copy=$BATS_TEST_TMPDIR/copy
    mkdir "$copy"
    # The build folder comes along, to save time; the time limit was built, at
    # least.
    tar -cf - --exclude=my --exclude=tests Makefile LICENSE README.md [1-7]_* \
        build common tools trace explore | tar -xf - -C "$copy"
    cd "$copy" || exit
    # shellcheck disable=SC2153 # a command and its seconds
    limit=${LIMIT:+${LIMIT% *} 120}
}

# The transcript: $ COMMAND, and what it prints.
transcript() {
    awk '/^## / { here = /^## The workshop/; on = 0 }
        here && /^```/ { on = !on; next } here && on' README.md
}

# Other compilers, shells and libraries have other versions, numbers and lines.
without_versions() {
    without_numbers | sed -E 's/(ok       [^:,]*)[:,].*/\1/
        s/[0-9,]+ of N schedules/M of N schedules/; s/schedule [0-9.,]+/schedule N/
        /^ok       explore/d; /^ok       ThreadSanitizer/d; /^ok       bats/d'
}

# as_shown SHOWN PRINTED: line by line, but for what ... stands for.
as_shown() {
    awk 'NR == FNR { shown[++n] = $0; next }
        shown[at + 1] == "..." { at++; any = 1 }
        shown[at + 1] == $0 { at++; any = 0; next }
        !any { print "not shown: " $0; exit bad = 1 }
        END { if (at < n) print "not printed: " shown[at + 1]
              exit bad || at < n }' "$1" "$2"
}

# The editor writes the next attempt.
write_editor() {
    given=$copy/4_shared_state/exercise/tickets
    write_attempt "$given" only_atomic "$BATS_TEST_TMPDIR/attempt"
    cp "$given/.solution/tickets.c" "$BATS_TEST_TMPDIR/attempt2"
    cat >"$BATS_TEST_TMPDIR/editor" <<END
#!/bin/sh
cd "$BATS_TEST_TMPDIR" && cat attempt >"\$OLDPWD/\$1" && mv attempt2 attempt 2>/dev/null
END
    chmod +x "$BATS_TEST_TMPDIR/editor"
}

# in_terminal COMMAND: with one of 80 columns, into the file "screen".
in_terminal() {
    TERM=xterm EDITOR=$BATS_TEST_TMPDIR/editor $limit script -qec \
        "stty cols 80 rows 24; $1" /dev/null >screen
}

skip_without_terminal() {
    script --version 2>/dev/null | grep -q util-linux ||
        skip "no script of util-linux, to have a terminal"
}

@test "session: doctor, exercise, wrong attempt, hint, right answer, progress" {
    why_not=$(cd 4_shared_state && why_not_explore)
    [ -z "$why_not" ] || skip "$why_not"
    skip_without_terminal
    skip_without_patch
    write_editor
    # Says each command as a prompt would, and does it.
    transcript | sed -n 's/^\$ //p' |
        awk '{ said = $0; gsub(/\047/, "\047\\\047\047", said)
               print "echo \047$ " said "\047"; print }' >commands
    # shellcheck disable=SC2016
    [ "$(grep -c '^make\|^\$EDITOR' commands)" -eq 8 ]
    in_terminal "exec bash commands" </dev/null
    tr -d '\r' <screen | sed 's/\x1b\[[0-9;]*m//g' >printed
    cat printed
    # On a terminal the verdict is in bold.
    grep -q $'\x1b''\[1mRight, under every schedule:' screen
    [ "$(wc -L <printed)" -le 80 ]
    as_shown <(transcript | without_versions) <(without_versions <printed)
}

# until_has FILE WORDS TIMES: waits for it.
until_has() {
    [ -f "$1" ] || : >>"$1"  # it is still to be opened
    for ((i = 0; i < 300; i++)); do
        [ "$(grep -c "$2" "$1")" -lt "$3" ] || return 0
        sleep 0.1
    done
    cat "$1"
    return 1
}

@test "session: watch judges what is saved, stops when it is right, and goes no further" {
    skip_without_patch
    cd 4_shared_state
    my=$BATS_TEST_TMPDIR/my
    $limit make -s watch MINE="$my" EXPLORE= >seen 2>&1 3>&- &
    watching=$!
    until_has seen '(watching' 1
    write_attempt exercise/tickets keeps_the_lock "$my/tickets.c"
    until_has seen '(watching' 2
    grep -q '^It does not end' seen
    # As some editors do it: away, and then there again.
    rm "$my/tickets.c"
    cp exercise/tickets/.solution/tickets.c "$my/tickets.c"
    wait $watching
    cat seen
    [ "$(grep -c '^Right in ' seen)" -eq 1 ]
    [ "$(grep -c '(watching' seen)" -eq 2 ]
    [ "$(tail -n 1 seen)" = "Next: cd ../5_callback_thread && make exercise" ]
}

@test "session: ctrl-C ends make watch, and make says nothing of it" {
    skip_without_terminal
    cd 4_shared_state
    mkfifo keys
    in_terminal "make watch EXPLORE=" <keys 3>&- &
    exec 4>keys
    until_has screen '(watching' 1
    printf '\003' >&4
    wait $! || [ $? -eq 130 ]
    exec 4>&-
    cat screen
    [[ $(<screen) != *'***'* ]]
}

@test "session: git does not see what an attendee writes, and a pull does not meet it" {
    cd "$root"
    git rev-parse >/dev/null 2>&1 || skip "not a clone"
    for folder in [1-7]_*; do
        git check-ignore -q "$folder/my/any.c"
        [ -z "$(git ls-files "$folder/my")" ]
    done
}

@test "session: an exercise is a program like the others, once it is there" {
    cd 7_all_together
    for goal in run trace explore replay; do
        run $limit make -s $goal
        echo "$output"
        [ "$status" -ne 0 ]
        [[ ${lines[0]} == *" my/pool.c is not there yet: \"make exercise\" makes it.  Stop." ]]
    done
    run $limit make -s test
    [[ $output == *'has no test, but an exercise: type "make exercise".'* ]]
    mkdir my
    cp exercise/pool/.solution/pool.c my
    run $limit make -s run
    [ "$output" = 5 ]
    run $limit make -s trace
    [[ $output == 5*main*W1*W2* ]]
    cd ../5_callback_thread
    run $limit make -s run PROGRAM=multi_params
    [ "$output" = "$(cat expected_multi_params.txt)" ]
}

@test "session: an attendee's program is ended with all that it started" {
    command -v setsid >/dev/null || skip "no setsid"
    cd 4_shared_state
    mkdir my
    cat >my/tickets.c <<'END'
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int main(void)
{
    for (int i = 0; i < 3; i++) {
        if (fork() == 0) {
            setsid();
            FILE *pids = fopen("pids", "a");
            fprintf(pids, "%d\n", (int)getpid());
            fclose(pids);
            for (;;)
                pause();
        }
    }
    for (;;)
        pause();
}
END
    run $limit make -s exercise EXPLORE=
    echo "$output"
    [[ $output == "It does not end: after 2 seconds"* ]]
    [ "$(wc -l <pids)" -eq 3 ]
    [ -f "/proc/self/task/$BASHPID/children" ] || skip "no list of children"
    while read -r pid; do
        ! kill -0 "$pid" 2>/dev/null || grep -q '^State:.Z' "/proc/$pid/status"
    done <pids
}
