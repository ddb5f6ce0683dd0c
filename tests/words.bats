#!/usr/bin/env bats
# The comments of every room, as tools/lint/words.awk measures them: few vague
# subjects, a share of comments, and a head comment in every .c file.
# shellcheck disable=SC2030,SC2031  # bats runs each test in a shell of its own

setup() {
    cd "$BATS_TEST_DIRNAME/.." || exit
}

# look CHECK PATH...: the check, of all C files in these folders that were not
# built.
look() {
    local check=$1
    shift
    find "$@" -name build -prune -o -name '*.[ch]' -type f -print | LC_ALL=C sort >"$BATS_TEST_TMPDIR/files"
    [ -s "$BATS_TEST_TMPDIR/files" ]
    run xargs awk -v check="$check" -f tools/lint/words.awk <"$BATS_TEST_TMPDIR/files"
    echo "$output"
}

few_vague_subjects_in() {
    look "" "$1"
    [ "$status" -eq 0 ]
}

share_is_right_in() {
    look share "$1"
    [ "$status" -eq 0 ]
}

@test "words: few vague subjects in common/" { few_vague_subjects_in common; }
@test "words: few vague subjects in explore/" { few_vague_subjects_in explore; }
@test "words: few vague subjects in trace/" { few_vague_subjects_in trace; }
@test "words: few vague subjects in tests/" { few_vague_subjects_in tests; }
@test "words: few vague subjects in tools/" { few_vague_subjects_in tools; }
@test "words: few vague subjects in plain/" { few_vague_subjects_in plain; }
@test "words: few vague subjects in bench/" { few_vague_subjects_in bench; }

@test "words: the share of comments in common/" { share_is_right_in common; }
@test "words: the share of comments in explore/" { share_is_right_in explore; }
@test "words: the share of comments in trace/" { share_is_right_in trace; }
@test "words: the share of comments in plain/" { share_is_right_in plain; }

every_head_is_there() {
    look heads common explore trace tests tools plain bench
    [ "$status" -eq 0 ]
}

@test "words: every .c file has a head comment" { every_head_is_there; }

# The check has teeth: files of this test.

# file NAME: writes what comes from stdin.
file() {
    mkdir -p "$BATS_TEST_TMPDIR/room"
    cat >"$BATS_TEST_TMPDIR/room/$1"
}

# fails CHECK LINE: so does the check of the test's own files, with that line.
fails() {
    look "$1" "$BATS_TEST_TMPDIR/room"
    [ "$status" -ne 0 ]
    grep -qF -- "$2" <<<"$output"
}

passes() {
    look "$1" "$BATS_TEST_TMPDIR/room"
    [ "$status" -eq 0 ]
    grep -qF -- "$2" <<<"$output"
}

# lines N: as many lines of code.
lines() {
    local n
    for ((n = 0; n < $1; n++)); do echo "int number_$n;"; done
}

@test "words: each vague word is found, in both kinds of comments" {
    for word in who whoever Whom whose Nobody SOMEBODY everybody "who's"; do
        echo "// The lock belongs to $word here." | file vague.c
        fails "" "vague.c:1: The lock belongs to $word here."
        fails "" "1 vague subjects in "
        printf '/* The lock\n * belongs to %s\n */\n' "$word" | file vague.c
        fails "" "vague.c:2: * belongs to $word"
        printf 'int a = 1;  // %s\n' "$word" | file vague.c
        fails "" "vague.c:1: $word"
    done
}

@test "words: a sentence that begins with What is, was, are or were is found" {
    for verb in is was are were; do
        echo "// What $verb left stays." | file vague.c
        fails "" "vague.c:1: What $verb left stays."
        printf '// It ends here.\n// What\n// %s left stays.\n' "$verb" | file vague.c
        fails "" "vague.c:3: $verb left stays."
        printf '// It ends here. What %s left stays.\n' "$verb" | file vague.c
        fails "" "1 vague subjects in 7 words: 142.9 per 1,000"
    done
}

@test "words: a vague word in code, a string or a character does not count" {
    file code.c <<'EOF'
// A head comment.
int who = 1, whoever = 'w';
const char *text = "// who \" /* nobody */ \\", *more = "\
// somebody"; char quote = '"', single = '\'';  // A comment after quotes.
/* A comment that ends here. */ int nobody = '/' / 2; // The last one.
EOF
    passes "" "0 vague subjects in 15 words: 0.0 per 1,000"
}

@test "words: what is no sentence's beginning does not count, nor a longer word" {
    file right.c <<'EOF'
// It says what is left. The whole of it, wholesale; whatever.
int a;  // what is left
int b;  // What
int is; // is another comment
EOF
    passes "" "0 vague subjects in "
}

@test "words: 2 in 1,000 fail, and 1 in 1,000 does not" {
    { printf '// word %.0s\n' {1..998}; echo "// nobody"; } | file room.c
    passes "" "1 vague subjects in 999 words: 1.0 per 1,000"
    echo "// who" | file room.h
    fails "" "2 vague subjects in 1000 words: 2.0 per 1,000"
}

@test "words: a share of comments of 5 % fails, and one of 20 %" {
    { echo "// A head comment."; lines 6; } | file few.c
    passes share "1 comment lines of 7 in 1 .c files: 14.3 %"
    { echo "// A head comment."; echo; lines 19; } | file few.c
    fails share "1 comment lines of 20 in 1 .c files: 5.0 %"
    { printf '/* A head comment\n\n   of two lines. */\n'; lines 8; } | file few.c
    fails share "2 comment lines of 10 in 1 .c files: 20.0 %"
    # A header does not count.
    lines 20 | file many.h
    fails share "2 comment lines of 10 in 1 .c files: 20.0 %"
}

@test "words: a .c file without a head comment is found, and a header needs none" {
    { printf '\n// A head comment.\n'; lines 6; } | file head.c
    lines 1 | file none.h
    passes heads "0 of 1 .c files without a head comment"
    { echo '#include "none.h" // The lines above are no comment.'; lines 6; } |
        file none.c
    fails heads "none.c: its first line is no comment"
    fails heads "1 of 2 .c files without a head comment"
    fails share "none.c: its first line is no comment"
}
