#!/usr/bin/env bats
# The project in folders with odd names. The words "touch ran" in a name leave a
# file if a shell or make runs them.

load kit.bash

names=(
    'threads (1)'
    $'a;touch ran&\n$(touch ran)`touch ran`|touch ran'
    "it's \"a\" #b <c> *?[d] ~!%=,:\\é \$(shell touch ran) \$HOME"
    common
)

# says WORDS COMMAND...: the command prints these words.
says() {
    limited env NO_COLOR=1 SEARCH_SECONDS=1 "${@:2}"
    [[ $output == *"$1"* ]]
}

# everything_works: in this folder, which was built in another one or not at all.
everything_works() {
    says 'Message from thread: Hello!' make -C 1_basic run
    says ' schedules, all of them with at most 2 preemptions: 1 output' \
        make -C 1_basic explore
    says 'Message from thread: Hello!' make -C 1_basic replay SCHEDULE=0
    says 'Hello! ─┤' env LC_ALL=C.UTF-8 make -C 1_basic trace
    says 'race.c:10  reads count: 0' make -C 4_shared_state replay PROGRAM=race \
        SCHEDULE=0 OPTIONS=--brief
    # A debugger's line has no way to say a newline.
    [[ $PWD == *$'\n'* ]] || [[ $output == *'count++;  // read it'* ]]
    says 'Then: edit my/tickets.c' make -C 4_shared_state exercise
    says '] 0/' make progress
    says 'Ready. Type:' make doctor
    limited make -s -C 1_basic pack
    [ "$output" = 1_basic.tar.gz ]
    [ ! -e 1_basic/1_basic ]
    tar -tzf 1_basic/1_basic.tar.gz | grep -qx 1_basic/explore/main.c
    limited make -s compile_commands.json
    [ "$(grep -c '"directory": "'"${PWD:0:5}" compile_commands.json)" -gt 9 ]
}

# one_sentence WORDS COMMAND...: the command fails with them.
one_sentence() {
    says "$@"
    [ "$status" -ne 0 ]
}

@test "laptops: in a folder of any name all works, or one sentence says what does not" {
    copy_project "$BATS_TEST_TMPDIR/first"
    here=$BATS_TEST_TMPDIR/first
    for name in "${names[@]}"; do
        mv "$here" "$BATS_TEST_TMPDIR/$name"
        here=$BATS_TEST_TMPDIR/$name
        cd "$here" || exit
        everything_works
        if [ "$name" != common ]; then
            one_sentence 'explore cannot read FILES=' \
                make -C explore run FILES="$PWD/1_basic/main.c"
            for target in 'test' '-C 1_basic test' exercises-check; do
                # shellcheck disable=SC2086 # words
                one_sentence 'make test cannot run in this folder' make $target
            done
        fi
        says 'schedule' make -C explore run FILES="../explore/tests/drawn.c" \
            OPTIONS="--seconds 1 --brief"
    done
    [ -z "$(find "$BATS_TEST_TMPDIR" -name ran)" ]
}

@test "laptops: a lesson's folder that was unpacked or renamed works too" {
    copy_project "$BATS_TEST_TMPDIR/copy"
    cd "$BATS_TEST_TMPDIR/copy" || exit
    mv 1_basic '1_basic (2)'
    cd '1_basic (2)'
    says 'Message from thread: Hello!' make run
    one_sentence 'cannot read the name of this folder' make explore
    limited make -s pack
    mv 1_basic__2_.tar.gz "$BATS_TEST_TMPDIR"
    cd "$BATS_TEST_TMPDIR"
    tar -xzf 1_basic__2_.tar.gz
    mv 1_basic__2_ "it's \$(touch ran) (3)"
    cd "it's \$(touch ran) (3)"
    says ': 1 output' make explore
    [ ! -e ran ]
}

@test "laptops: PATH, HOME and TMPDIR may have spaces, and the checkout a link to it" {
    mkdir "$BATS_TEST_TMPDIR/a b"
    cd "$BATS_TEST_TMPDIR/a b"
    mkdir bin home tmp
    ln -s "$(command -v "${CC:-cc}")" bin/cc
    copy_project "$PWD/checkout"
    ln -s checkout link
    cd link
    odd=(env PATH="$BATS_TEST_TMPDIR/a b/bin:$path" HOME="$BATS_TEST_TMPDIR/a b/home"
        TMPDIR="$BATS_TEST_TMPDIR/a b/tmp")
    says 'Message from thread: Hello!' "${odd[@]}" make -C 1_basic run
    says ': 1 output' "${odd[@]}" make -C 1_basic explore
    says 'Then: edit my/tickets.c' "${odd[@]}" make -C 4_shared_state exercise
    says 'Ready. Type:' "${odd[@]}" make doctor
}
