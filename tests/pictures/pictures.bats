#!/usr/bin/env bats
# The pictures in the READMEs are what make trace draws now.

setup() {
    cd "$BATS_TEST_DIRNAME/../.." || exit
    LIMIT=${LIMIT:-$(make -s -C 1_basic limit)}
}

up_to_date() {
    # $LIMIT is a command and its seconds; this builds things, and takes longer.
    "${LIMIT% *}" 120 bash tools/proof/pictures.sh check "$1"
}

@test "pictures: every program has one, but for one that is too long" {
    for folder in [1-6]_*; do
        diff <(sed -n 's/^EXTRAS =/main/p' "$folder/Makefile" | xargs -n 1 |
            grep -vx bank_loss) <(bash tools/proof/pictures.sh list "$folder/README.md")
    done
}

@test "pictures: those in 1_basic are what make trace draws" {
    up_to_date 1_basic/README.md
}

@test "pictures: those in 2_communication are what make trace draws" {
    up_to_date 2_communication/README.md
}

@test "pictures: those in 3_workers_communication are what make trace draws" {
    up_to_date 3_workers_communication/README.md
}

@test "pictures: those in 4_shared_state are what make trace draws" {
    up_to_date 4_shared_state/README.md
}

@test "pictures: those in 5_callback_thread are what make trace draws" {
    up_to_date 5_callback_thread/README.md
}

@test "pictures: those in 6_worker_shared_map are what make trace draws" {
    up_to_date 6_worker_shared_map/README.md
}

# The waits differ from run to run.
arrows() {
    grep '[▶◀]' | sed 's/┊/│/g'
}

@test "pictures: in the terminal example 3 has the arrows of its README" {
    cd 3_workers_communication
    arrows <README.md >"$BATS_TEST_TMPDIR/arrows"
    [ "$(wc -l <"$BATS_TEST_TMPDIR/arrows")" -eq 7 ]
    LC_ALL=C.UTF-8 "${LIMIT% *}" 120 make --silent trace | arrows |
        diff "$BATS_TEST_TMPDIR/arrows" -
}

@test "pictures: 100 runs of example 3 give the same one" {
    cd 3_workers_communication
    "${LIMIT% *}" 120 make --silent trace >/dev/null
    cp trace.mmd "$BATS_TEST_TMPDIR/first.mmd"
    for ((i = 0; i < 100; i++)); do
        rm -f "$BATS_TEST_TMPDIR"/now*
        TRACE_FILE=$BATS_TEST_TMPDIR/now.events ${LIMIT?} build/trace/main >/dev/null
        $LIMIT ../build/trace/draw "$BATS_TEST_TMPDIR/now.events" \
            "$BATS_TEST_TMPDIR/now" >/dev/null
        cmp "$BATS_TEST_TMPDIR/first.mmd" "$BATS_TEST_TMPDIR/now.mmd"
    done
}

@test "pictures: another word, arrow or thread is noticed" {
    readme=$BATS_TEST_TMPDIR/3_workers_communication/README.md
    mkdir "$(dirname "$readme")"
    # A README belongs to the folder that its own is named after.
    for edit in 's/No, not yet!/Not yet!/' '/->>T3/d' 's/T3 as worker_2/T3 as W2/'; do
        sed "$edit" 3_workers_communication/README.md >"$readme"
        ! cmp -s "$readme" 3_workers_communication/README.md
        TRIES=1 run up_to_date "$readme"
        [ "$status" -ne 0 ]
        [[ $output == *"the picture of main is out of date"* ]]
    done
}
