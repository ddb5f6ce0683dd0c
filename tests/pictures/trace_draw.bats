#!/usr/bin/env bats
bats_require_minimum_version 1.5.0

# The drawings of the runs in runs/: NAME.events is drawn as NAME.txt in the
# terminal and as NAME.mmd for Mermaid. "make drawings" writes them again, for a
# reader to look at.

setup_file() {
    cd "$BATS_TEST_DIRNAME/../.." || exit
    make --silent -f tools/make/library.mk draw
    UTF8=$(locale -a 2>/dev/null | grep -iE -m 1 '^(C|en_US)\.utf-?8$')
    [ -n "$UTF8" ] || UTF8=$(locale -a 2>/dev/null | grep -iE -m 1 '\.utf-?8$')
    export UTF8
}

setup() {
    cd "$BATS_TEST_DIRNAME/runs" || exit
    unset COLUMNS NO_COLOR
    export LC_ALL=C
    out=$BATS_TEST_TMPDIR/out
    # Its name is in what the tool says of it.
    events=$BATS_TEST_TMPDIR/events
}

in_utf8() {
    [ -n "$UTF8" ] || skip "there is no locale with UTF-8 here"
    export LC_ALL=$UTF8
}

# Draws $1 to $out.txt, $out.err and $out.mmd.
draw() {
    $LIMIT ../../../build/trace/draw "$1" "$out" >"$out.txt" 2>"$out.err"
}

# event LANE KIND LINK [OBJECT [TEXT [MORE]]] writes a line.
number=0
event() {
    number=$((number + 1))
    printf '%d\t%d000\t%s\t%s\t%s\t\t%s\t%s\t%s\n' \
        $number $number "$1" "$2" "$3" "${4-}" "${5-}" "${6-}"
}

@test "draw: every run is drawn as it was before, in UTF-8 and for Mermaid" {
    in_utf8
    for file in *.events; do
        draw "$file"
        diff "${file%.events}.txt" "$out.txt"
        diff "${file%.events}.mmd" "$out.mmd"
    done
}

@test "draw: in another locale all is ASCII, in the same places" {
    for file in *.events; do
        draw "$file"
        run grep -n '[^ -~]' "$out.txt"
        [ "$status" -eq 1 ]
    done
    draw queued.events
    diff queued.ascii "$out.txt"
}

@test "draw: no row is wider than 80 columns, or than COLUMNS" {
    for file in *.events; do
        for columns in 40 80 120; do
            COLUMNS=$columns draw "$file"
            awk -v most=$columns 'length > most { print; bad = 1 }
                END { exit bad }' "$out.txt"
        done
        draw "$file"
        awk 'length > 80 { print; bad = 1 } END { exit bad }' "$out.txt"
    done
}

@test "draw: the order of the file is not that of the picture" {
    # The same run, in which the second worker is quicker.
    draw workers.events
    cp "$out.mmd" "$BATS_TEST_TMPDIR/first"
    draw quicker.events
    diff "$BATS_TEST_TMPDIR/first" "$out.mmd"
    run ! cmp -s workers.events quicker.events
}

@test "draw: a pipe has no colours, a terminal has, and not with NO_COLOR" {
    command -v python3 >/dev/null || skip "it takes python3 to make a terminal"
    escape=$(printf '\033')
    # Draws on a terminal, and prints what came there.
    on_a_terminal() {
        ${LIMIT?} python3 -c 'if True:
            import os, pty, sys
            pid, terminal = pty.fork()
            if pid == 0:
                os.execv(sys.argv[1], sys.argv[1:])
            try:
                while text := os.read(terminal, 4096):
                    sys.stdout.buffer.write(text)
            except OSError:
                os.waitpid(pid, 0)' \
            ../../../build/trace/draw queued.events "$out"
    }
    draw queued.events
    run ! grep -q "$escape" "$out.txt"
    export TERM=dumb
    on_a_terminal >"$out.seen"
    run ! grep -q "$escape" "$out.seen"
    TERM=xterm
    on_a_terminal >"$out.seen"
    grep -q "$escape" "$out.seen"
    NO_COLOR=1 on_a_terminal >"$out.seen"
    run ! grep -q "$escape" "$out.seen"
    NO_COLOR='' on_a_terminal >"$out.seen"
    grep -q "$escape" "$out.seen"
    # Colours change nothing else.
    sed "s/$escape\[[0-9;]*m//g" "$out.seen" | tr -d '\r' | diff "$out.txt" -
}

@test "draw: Mermaid's own signs are escaped" {
    draw escapes.events
    run grep -E '[<>"&%$\\]' "$out.mmd"
    # Those of the arrows themselves, and nothing else.
    [ "$(sed 's/->>//' "$out.mmd" | grep -cE '[<>"&%$\\]')" -eq 0 ]
    # A # begins a number, and a ; ends one.
    [ "$(sed 's/#[0-9]*;//g' "$out.mmd" | grep -c '[#;]')" -eq 0 ]
    [ "$(grep -cE ': *$' "$out.mmd")" -eq 0 ]
}

@test "draw: a picture for Mermaid has at most 50,000 characters, and says what it left out" {
    {
        event 1 start 2 worker
        for ((i = 1; i <= 3000; i++)); do
            event 2 post $i port "message number $i"
            event 1 receive $i worker-\>port "message number $i"
        done
        echo '# end'
    } >"$events"
    draw "$events"
    [ "$(wc -c <"$out.mmd")" -le 50000 ]
    [ "$(wc -c <"$out.mmd")" -gt 49000 ]
    drawn=$(grep -c 'T2->>T1: message number' "$out.mmd")
    grep -qx "    Note over T1: Left out, since Mermaid draws at most 50000 characters: $((3000 - drawn)) arrows and notes, 0 threads, 0 maps" "$out.mmd"
    # In the terminal the first and the last rows are left.
    [ "$(wc -l <"$out.txt")" -lt 420 ]
    grep -q 'rows are left out here' "$out.txt"
    grep -q 'message number 3000' "$out.txt"
}

@test "draw: more threads than Mermaid has room for are left out, and counted" {
    {
        for ((i = 2; i <= 1500; i++)); do event 1 start $i "worker number $i"; done
        echo '# end'
    } >"$events"
    draw "$events"
    [ "$(wc -c <"$out.mmd")" -le 50000 ]
    threads=$(grep -c participant "$out.mmd")
    grep -q "$((1500 - threads)) arrows and notes, $((1500 - threads)) threads" "$out.mmd"
    # Every participant was declared: Mermaid would add any other by itself.
    run ! grep -q "T$((threads + 1))" "$out.mmd"
    grep -q "[0-9] threads do not fit: raise COLUMNS" "$out.txt"
}

@test "draw: what makes no sense is left out, and that is said" {
    {
        event 1 start 2 worker
        printf 'nonsense\n4\t5\n1\t1\t1\tdance\t0\t\t\t\t\n'
        printf '1\t1\t0\tend\t0\t\t\t\t\n1\t-1\t1\tend\t0\t\t\t\t\n'
        printf '1\t1\t1\tclose\t0\t\tport\t\t\t\n1\t1\t0\tclose\t0\t\tport\t\t\n'
        event 2 begin 0
        printf '9\t9\t2\tpo'
    } >"$events"
    draw "$events"
    grep -q '8 lines are not events .* and are left out. The first is line 2' "$out.err"
    grep -q 'the last line, "# end", is missing' "$out.err"
    grep -q 'start' "$out.txt"
}

@test "draw: no file, an empty one and one with no events are refused with a sentence" {
    run ! draw /no/such/file
    grep -q '/no/such/file: ' "$out.err"
    echo '# end' >"$events"
    run ! draw "$events"
    grep -q 'there are no events' "$out.err"
    : >"$events"
    run ! draw "$events"
    draw workers.events
    # shellcheck disable=SC2086 # a command and its seconds
    run ! $LIMIT ../../../build/trace/draw workers.events /no/such/folder/x
    [[ "$output" == *"/no/such/folder/x.mmd: "* ]]
}

@test "draw: a file that ends anywhere is drawn as far as it goes" {
    size=$(wc -c <lost.events)
    for ((at = 40; at < size; at += 37)); do
        head -c $at lost.events >"$events"
        draw "$events" || [ "$(cat "$out.err")" = "$events: there are no events in this file: draw needs one that make trace has recorded." ]
    done
}

@test "draw: partners that are missing, come too early or are their own stop nobody" {
    {
        event 1 receive 7 port gone
        event 2 receive 7 port "gone too"
        event 2 begin 0
        event 1 start 2 late
        event 1 start 1 itself
        event 3 start 3 itself
        event 1 join 99 nobody
        event 1 wake 5
        event 1 await 6
        event 1 post 8 port a
        event 1 post 8 port again
        event 2 receive 8 port a
        event 2 receive 8 port twice
        event 2 end 0
        event 2 end 0
        event 1 join 2 late
        event 1 join 2 late
    } >"$events"
    draw "$events"
    [ "$(grep -c 'T1->>T2: a' "$out.mmd")" -eq 1 ]
    run ! grep -E 'gone|\(' "$out.mmd" "$out.txt"
}

@test "draw: who waits for ever is said at the end, in both pictures" {
    draw stuck.events
    [ "$(grep -c ', forever$' "$out.mmd")" -eq 3 ]
    [ "$(tail -n 3 "$out.mmd" | grep -c ', forever$')" -eq 3 ]
    grep -q 'waits forever .* waits forever .* waits forever' "$out.txt"
    # The reason of a wait is never cut, however narrow the picture is.
    COLUMNS=40 draw stuck.events
    [ "$(grep -oE 'port[12]|worker_1$|worker_1  ' "$out.txt" | sort | uniq -c | tr -s ' \n' ' ')" = ' 1 port1 1 port2 2 worker_1 ' ]
    # Not of a program that ended with a word: it did not wait any longer.
    {
        event 1 wait 1 '' 'for a message on port1'
        event 1 died 0 '' 'no memory'
    } >"$events"
    draw "$events"
    run ! grep -q 'forever' "$out.mmd" "$out.txt"
    grep -q 'dies: no memory' "$out.mmd"
}
