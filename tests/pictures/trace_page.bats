#!/usr/bin/env bats
bats_require_minimum_version 1.5.0

# The page and the Chrome trace events that the tool draws, as far as one can
# see without a browser. With one: .ci/pictures/check.

setup_file() {
    cd "$BATS_TEST_DIRNAME/../.." || exit
    make --silent -f tools/make/library.mk draw
}

setup() {
    cd "$BATS_TEST_DIRNAME" || exit
    out=$BATS_TEST_TMPDIR/out
    events=$BATS_TEST_TMPDIR/events
    draw trace_hard.txt
}

draw() {
    $LIMIT ../../build/trace/draw "$1" "$out" >"$out.txt"
}

# one TEXT: draws a run in which it is said.
one() {
    printf '1\t0\t1\tpost\t0\tmain.c:1\tport\t%s\t\n2\t5\t1\tend\t0\t\t\t\t\n# end\n' \
        "$1" >"$events"
    draw "$events"
}

@test "page: it asks nobody for anything" {
    # Words in a message are no address; http://www.w3.org names SVG.
    run grep -niE 'https?://|src=|href=|@import|url\(|fetch\(|XMLHttp' "$out.html"
    [ "$(grep -vcE 'www\.w3\.org/2000/svg|url\(#hatch' <<<"$output")" -eq 0 ]
    grep -q "default-src 'none'" "$out.html"
}

@test "page: it is whole: every script and style of page.html is inside" {
    for file in ../../trace/page/page*.js ../../trace/page/page.css; do
        last=$(grep -v '^$' "$file" | grep -vx '[})];*' | tail -n 1)
        grep -qxF -- "$last" "$out.html"
    done
    [ "$(grep -c '<script' "$out.html")" -eq "$(grep -c '</script>' "$out.html")" ]
    [ "$(tail -n 1 "$out.html")" = "</html>" ]
    grep -q '<html lang="en">' "$out.html"
    grep -q '<title>' "$out.html"
}

@test "page: what is said cannot end the script that it stands in" {
    # As many as there are pieces of page.html, and none from the message.
    scripts=$(grep -cE '^<script' ../../trace/page/page.html)
    [ "$(grep -ciE '</script' "$out.html")" -eq "$scripts" ]
    [ "$(grep -cF '<script>alert' "$out.html")" -eq 0 ]
    [ "$(grep -cF '<script>alert' "$out.json")" -eq 0 ]
    grep -qF '\u003c/script\u003e\u003cscript\u003ealert(1)' "$out.html"
    # U+2028 would end a line of JavaScript.
    run ! grep -q "$(printf '\342\200\250')" "$out.html"
    grep -qF '\u2028' "$out.html"
}

@test "page: quotes, backslashes and bytes are as JSON has them" {
    one 'say "hi" \x5C \x0a'
    for file in "$out.html" "$out.json"; do
        grep -qF 'say \"hi\" \\ \\x0a"' "$file"
    done
    one $'\xF0\x9F\xA7\xBA & <'
    for file in "$out.html" "$out.json"; do
        grep -qF $'"\xF0\x9F\xA7\xBA \\u0026 \\u003c"' <(sed 's/"post /"/' "$file")
    done
}

@test "page: what is left out is said" {
    awk 'BEGIN { for (i = 1; i <= 5003; i++)
        printf "%d\t%d\t1\tmap\t0\tm.c:1\tmap\tget x\t1\n", i, i
        print "# end" }' >"$events"
    draw "$events"
    grep -q '"left_out":3,' "$out.html"
    # A wait that ends later is not shown as lasting forever.
    { sed 4999q "$events"; printf '5000\t5000\t1\twait\t7\t\t\tx\t\n'
        printf '%d\t%d\t2\tmap\t0\tm.c:1\tmap\tget x\t1\n' 5001 5001
        printf '5002\t5002\t1\twake\t7\t\t\t\t\n'; } >"$events.waits"
    draw "$events.waits"
    [ "$(grep -cE '"wait",7,-2,' "$out.html")" -eq 1 ]
    sed -i '$d' "$events.waits"
    draw "$events.waits"
    [ "$(grep -cE '"wait",7,-1,' "$out.html")" -eq 1 ]
    draw "$events"
    [ "$(grep -c '"map"' "$out.html")" -eq 5000 ]
    [ "$(grep -c '"cat":"map"' "$out.json")" -eq 5003 ]
}

@test "page: a run of explore is counted in steps" {
    grep -q '"steps":false' "$out.html"
    { cat trace_hard.txt; echo '# steps'; } >"$events"
    draw "$events"
    grep -q '"steps":true' "$out.html"
}

@test "page: a run without an end says so" {
    grep -q '"complete":true' "$out.html"
    sed '/^# end/d' trace_hard.txt >"$events"
    draw "$events"
    grep -q '"complete":false' "$out.html"
}

@test "chrome: every arrow has two ends, and both are in slices" {
    # With the same number once at each end, in this order.
    sed -n 's/.*"ph":"\([sf]\)".*"id":\([0-9]*\).*/\2 \1/p' "$out.json" \
        >"$BATS_TEST_TMPDIR/ends"
    awk '{ seen[$1] = seen[$1] $2 }
        END { for (id in seen) { n++; bad += seen[id] != "sf" }
              exit bad || n != 14 }' "$BATS_TEST_TMPDIR/ends"
    # The record before an end is the slice, or another end, at the same time.
    awk 'match($0, /"ts":[0-9.]+/) {
            time = substr($0, RSTART, RLENGTH)
            if ($0 ~ /"ph":"[sf]"/ && time != slice) { print; bad = 1 }
            if ($0 ~ /"ph":"X"/) slice = time }
        END { exit bad }' "$out.json"
}

@test "chrome: the first 100,000 events are there, and no half of an arrow" {
    # A post and its receive side by side, but for the last that is there.
    awk 'BEGIN { for (i = 1; i <= 100003; i++)
        printf "%d\t%d\t1\t%s\t%d\t\tp\ta\t\n", i, i,
            i % 2 ? "receive" : "post", i % 2 ? i - 1 : i
        print "# end" }' >"$events"
    draw "$events"
    grep -qF '"labels":"the first 100000 of 100003 events"' "$out.json"
    [ "$(grep -c '"cat":"post"' "$out.json")" -eq 50000 ]
    [ "$(grep -c '"cat":"receive"' "$out.json")" -eq 50000 ]
    [ "$(grep -c '"ph":"s"' "$out.json")" -eq 49999 ]
    [ "$(grep -c '"ph":"f"' "$out.json")" -eq 49999 ]
    draw trace_hard.txt
    [ "$(grep -c '"labels"' "$out.json")" -eq 0 ]
}

@test "chrome: no slice of a lane crosses another's end, nor is empty" {
    printf '%s\n' $'1\t7\t1\tpost\t1\t\tp\ta\t' $'2\t7\t1\treceive\t1\t\tp\ta\t' \
        $'3\t5\t1\twait\t2\t\t\tx\t' $'4\t5\t1\twake\t2\t\t\t\t' \
        $'5\t9\t1\tend\t0\t\t\t\t' '# end' >"$events"
    for file in trace_hard.txt "$events"; do
        draw "$file"
        sed -n 's/.*"ph":"X".*"tid":\([0-9]*\).*"ts":\([0-9]*\)\.\([0-9]*\),"dur":\([0-9]*\)\.\([0-9]*\).*/\1 \2\3 \4\5/p' \
            "$out.json" >"$BATS_TEST_TMPDIR/slices"
        [ "$(wc -l <"$BATS_TEST_TMPDIR/slices")" -ge 4 ]
        sort -k1,1n -k2,2n -k3,3nr "$BATS_TEST_TMPDIR/slices" | awk '
            $1 != lane { lane = $1; open = 0 }
            { start = $2 + 0; end = start + $3
              while (open && ends[open] <= start) open--
              if (end <= start || (open && end > ends[open])) { print; bad = 1 }
              ends[++open] = end }
            END { exit bad }'
    done
}

@test "chrome and page: a file that cannot be written is an error, with a sentence" {
    for kind in html json; do
        rm -rf "$out".*
        mkdir "$out.$kind"
        run $LIMIT ../../build/trace/draw trace_hard.txt "$out"
        [ "$status" -eq 1 ]
        [[ $output == *"$out.$kind: Is a directory"* ]]
    done
    [ -e /dev/full ] || skip "there is no /dev/full here"
    for kind in html json; do
        rm -rf "$out".*
        ln -s /dev/full "$out.$kind"
        run $LIMIT ../../build/trace/draw trace_hard.txt "$out"
        [ "$status" -eq 1 ]
        [[ $output == *"$out.$kind: No space left on device"* ]]
    done
}

@test "page: its numbers do not depend on the locale" {
    locale -a 2>/dev/null | grep -qx 'de_DE.utf8' || skip "there is no de_DE.utf8"
    cp "$out.json" "$out.1"
    LC_ALL=de_DE.utf8 draw trace_hard.txt
    cmp "$out.1" "$out.json"
}
