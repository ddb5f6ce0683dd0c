#!/usr/bin/env bats
# The rules of the house that a machine can check.

setup() {
    cd "$BATS_TEST_DIRNAME/.." || exit
}

@test "house: every example file is a slide: at most 40 lines of 76 columns" {
    for file in [1-9]_*/*.c [1-9]_*/*.h; do
        awk -v file="$file" '
            length > 76 { print file ":" NR " is wider than 76"; bad = 1 }
            END { if (NR > 40) { print file " has " NR " lines"; bad = 1 }
                  exit bad }' "$file"
    done
}

@test "house: there are twenty-one programs in six folders" {
    folders=([1-9]_*/main.c)
    [ "${#folders[@]}" -eq 6 ]
    [ "$(grep -l '^int main' [1-9]_*/*.c | wc -l)" -eq 21 ]
}

@test "house: no file of the library is longer than a head" {
    for file in common/*.h common/*/*.[ch]; do
        [ "$(wc -l <"$file")" -le 350 ] || { wc -l "$file"; false; }
    done
}

@test "house: the textbook versions are pages: at most 150 lines" {
    for file in plain/*.[ch]; do
        [ "$(wc -l <"$file")" -le 150 ] || { wc -l "$file"; false; }
    done
}

@test "house: no function is longer than 40 lines" {
    awk '
        FNR == 1 { start = 0 }
        /^{/ { start = FNR }
        /^}/ { if (start && FNR - start > 41) {
                   print FILENAME ":" start; bad = 1 }
               start = 0 }
        END { exit bad }' [1-9]_*/*.c common/*/*.c plain/*.c trace/*/*.c tests/*/*.c tools/*.c
}

@test "house: operating systems are named, and mutexes used, in two files each" {
    two=$'common/os/os_futex.c\ncommon/os/os_shared_lock.c'
    named=$'common/os/os_has.h\ncommon/os/os_process.c'
    [ "$(grep -lE '__(APPLE|linux|FreeBSD|NetBSD|OpenBSD)__' common/*.h common/*/*.[ch])" = "$named" ]
    [ "$(grep -lE 'pthread_(cond|mutex)_[a-z]+\(' common/*/*.[ch])" = "$two" ]
    # And in the two examples that are about what a mutex does, and costs.
    [ "$(grep -lE 'pthread_(cond|mutex)_[a-z]+\(' [1-9]_*/*.[ch])" = \
        $'4_shared_state/race_cost.c\n4_shared_state/race_mutex.c' ]
}

@test "house: no sleep waits for another thread" {
    # There are two: a task that takes a while, and the back-off of a loop that
    # looks again after each sleep.
    [ "$(grep -lE '\<(u|nano)?sleep *\(' [1-9]_*/*.c common/*/*.c plain/*.c)" = \
        $'5_callback_thread/async_task.c\ncommon/os/spin.c' ]
}

@test "house: no volatile between threads, no assert, no detached thread" {
    run grep -nE '\<volatile\>|\<assert *\(|pthread_detach' [1-9]_*/*.[ch] common/*.h common/*/*.[ch] plain/*.[ch]
    echo "$output"
    [ "$status" -eq 1 ]
}

@test "house: every header of the library can be included alone, also twice" {
    for header in common/*.h common/*/*.h; do
        name=${header#common/}
        printf '#include "%s"\n#include "%s"\nint main(void) { return 0; }\n' \
            "$name" "$name" >"$BATS_TEST_TMPDIR/main.c"
        ${CC:-cc} -std=gnu11 -Wall -Wextra -Werror -fsyntax-only -Icommon \
            "$BATS_TEST_TMPDIR/main.c"
    done
}

@test "house: the transcripts in the READMEs are what the programs print" {
    for readme in [1-6]_*/README.md; do
        folder=${readme%/README.md}
        awk '/^```/ { on = 0 } /^\$ make run/ { on = 1 } on' "$readme" \
            >"$BATS_TEST_TMPDIR/shown"
        grep '^\$ make run' "$BATS_TEST_TMPDIR/shown" | sort -u | sed 's/^\$ //' \
            >"$BATS_TEST_TMPDIR/commands"
        [ -s "$BATS_TEST_TMPDIR/commands" ]
        while read -r command; do
            # The command's first transcript, against the file of its words.
            awk -v c="\$ $command" '
                $0 == c && !seen { on = seen = 1; next }
                /^\$ / || /^```/ { on = 0 } on && NF' \
                "$BATS_TEST_TMPDIR/shown" >"$BATS_TEST_TMPDIR/transcript"
            program=${command#make run}
            case $program in
            -modules_in_thread) expected=$folder/modules_in_thread.c ;;
            "-locking DEFINES=-DONE_NOTIFY") expected=$folder/expected_locking_stuck.txt ;;
            *) expected=$folder/expected${program//-/_}.txt ;;
            esac
            # A word or number in <angle brackets> differs from run to run.
            sed -E 's/[][\.*^$+?(){}|]/\\&/g; s/<[a-z]+>/[0-9A-Z.-]+/g; s/ +/ +/g' \
                "$expected" >"$BATS_TEST_TMPDIR/patterns"
            # A transcript may leave out lines, but adds none.
            [ -s "$BATS_TEST_TMPDIR/transcript" ]
            if grep -vxEf "$BATS_TEST_TMPDIR/patterns" "$BATS_TEST_TMPDIR/transcript" |
                grep -vx '\.\.\.'; then
                echo "$readme: $command"
                return 1
            fi
        done <"$BATS_TEST_TMPDIR/commands"
    done
}

@test "house: what README.md shows is in the folders' READMEs too" {
    awk '/^## / { here = /^## See it/; on = 0 }
        here && /^```/ { on = !on; next }
        here && on && NF && !/^\.\.\.$|^\$ cd /' README.md >"$BATS_TEST_TMPDIR/shown"
    [ "$(wc -l <"$BATS_TEST_TMPDIR/shown")" -gt 25 ]
    missing=$(grep -vxFf <(cat [1-9]_*/README.md) "$BATS_TEST_TMPDIR/shown") || true
    echo "$missing"
    [ -z "$missing" ]
}
