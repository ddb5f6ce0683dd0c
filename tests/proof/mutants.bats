#!/usr/bin/env bats
# Whether the lists of tools/proof/mutants.py name what there is: with a file or a
# test that was renamed, no mutant can be tried.

setup() {
    command -v python3 >/dev/null || skip "there is no python3"
    cd "$BATS_TEST_DIRNAME/../.." || exit
}

# A copy, to break: the library, its tests and the tool, but nothing built.
copy() {
    mkdir "$BATS_TEST_TMPDIR/copy"
    cp -r common tests tools "$BATS_TEST_TMPDIR/copy"
    mkdir -p "$BATS_TEST_TMPDIR/copy/explore"
    cp -r explore/scenarios "$BATS_TEST_TMPDIR/copy/explore"
    cd "$BATS_TEST_TMPDIR/copy" || exit
}

check() {
    run python3 tools/proof/mutants.py --check
    echo "$output"
}

@test "mutants: each file has tests, and each line of the lists is of something" {
    check
    [ "$status" -eq 0 ]
    [[ "$output" =~ [1-9][0-9]*\ mutants,\ [1-9][0-9]*\ of\ them\ weaker ]]
}

@test "mutants: a line of a list that is of nothing is found" {
    copy
    echo "queue.c | no such line | * | a reason" >>tests/proof/mutants.txt
    mv explore/scenarios/waiter_spins.c explore/scenarios/waits.c
    mv tests/queue/test_queue_ring.c tests/queue/test_ring.c
    mv common/os/spin.c common/os/turn.c
    sed -i '/^spin\.c /d' tests/proof/mutants.txt
    check
    [ "$status" -eq 1 ]
    [[ "$output" == *"queue.c | no such line"* ]]
    [[ "$output" == *"waiter_spins"* ]]
    [[ "$output" == *"no tests for common/os/turn.c"* ]]
}

# A file with three mutants, of which the log of another run has two.
@test "mutants: a run goes on where another was cut short" {
    copy
    file=common/os/spin.c log=$BATS_TEST_TMPDIR/log
    printf '%s\n' 'int two(void)' '{' '    return 2;' '}' \
        'int five(void)' '{' '    return 5;' '}' \
        'void set(atomic_int *to)' '{' '    atomic_store(to, 8);' '}' >$file
    sed -i '/^spin\.c /d' tests/proof/mutants.txt
    echo "spin.c | return 5; | 5 -> 6 | a reason" >>tests/proof/mutants.txt
    printf 'killed\t%s\tby a test\nsurvived\t%s\t\n' \
        "$file:3: 2 -> 3" "$file:7: 5 -> 6" >"$log"
    run python3 tools/proof/mutants.py $file --resume "$log" --minutes 0
    echo "$output"
    [[ "$output" == *"/5 $file:3: 2 -> 3: killed by a test"* ]]
    [[ "$output" == *"/5 $file:7: 5 -> 6: listed a reason"* ]]
    [[ "$output" == *"2 of 5 mutants, seed 1: 100.0 %"* ]]

    run python3 tools/proof/mutants.py $file --resume "$log" --minutes 0 --orders
    echo "$output"
    [[ "$output" == *"0 of 5 mutants"* ]]
}
