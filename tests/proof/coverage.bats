#!/usr/bin/env bats
# Whether tools/proof/coverage.py can fail, with counts that were made up.

# counts FILE TRUE FALSE: as llvm-cov tells of the first bracket of the file.
counts() {
    where=$(awk 'match($0, /if \(/) { s = RSTART + 4
        print NR "," s "," NR "," s + 1; exit }' "$1")
    printf '{"data":[{"functions":[{"name":"f","filenames":["%s"],
        "branches":[[%s,%s,%s,0,0,4]]}]}]}' "$1" "$where" "$2" "$3"
}

setup() {
    command -v python3 >/dev/null || skip "there is no python3"
    cd "$BATS_TEST_DIRNAME/../.." || exit
    root=$PWD
    json=$BATS_TEST_TMPDIR/json
    mkdir "$json"
    : >"$BATS_TEST_TMPDIR/none"
}

cover() {
    run python3 tools/proof/coverage.py "$BATS_TEST_TMPDIR/${1:-none}" "$json"/*
    echo "$output"
}

# One branch of each room, taken TRUE and FALSE times.
count_rooms() {
    for room in common/*/; do
        file=$(grep -l 'if (' "$room"*.c | head -n 1)
        counts "$root/$file" "$1" "$2" >"$json/$(basename "$room")"
    done
}

@test "coverage: what is taken both ways in every room is enough" {
    count_rooms 1 2
    cover
    [ "$status" -eq 0 ]
    rooms=("$json"/*)
    all=$((2 * ${#rooms[@]}))
    [ "$all" -gt 0 ]
    [[ "$output" == *"$all of $all branches are covered: 100.0 %"* ]]
}

@test "coverage: 0 branches are a failure, of one room and of all" {
    count_rooms 1 2
    counts "$root/tests/kit/test.c" 1 2 >"$json/queue"
    cover
    [ "$status" -eq 1 ]
    [[ "$output" == *"0 branches were counted in common/queue"* ]]

    rm "$json"/*
    counts "$root/tests/kit/test.c" 1 2 >"$json/other"
    cover
    [ "$status" -eq 1 ]
    [[ "$output" == *"0 of 0 branches are covered"* ]]
}

@test "coverage: a branch that is not taken needs a line, and a line a branch" {
    count_rooms 1 2
    file=$(grep -l 'if (' common/queue/*.c | head -n 1)
    counts "$root/$file" 1 0 >"$json/queue"
    cover
    [ "$status" -eq 1 ]
    [[ "$output" == *"never false: NOT IN THE LIST"* ]]

    echo "nofile.c f: a: never true: a reason" >"$BATS_TEST_TMPDIR/stale"
    count_rooms 1 2
    cover stale
    [ "$status" -eq 1 ]
    [[ "$output" == *"not in the library: nofile.c f a true"* ]]
}
