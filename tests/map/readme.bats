#!/usr/bin/env bats
# The page for readers of the map: what it names is in the sources.

bats_require_minimum_version 1.5.0

setup() {
    cd "$BATS_TEST_DIRNAME/../../common/map" || exit
}

# The names in `code`, and the fields and files in the pictures: an identifier
# alone, or a call's.
names_in() {
    grep -v '^    ' "$1" | grep -o '`[^`]*`' |
        sed -n 's/^`\([a-zA-Z_][a-zA-Z0-9_]*\)\((.*)\)*`$/\1/p' | sort -u
}

fields_in() {
    grep '^    ' "$1" | grep -oE '\b[a-z]+_[a-z_]+(\.[ch])?\b' | sort -u
}

missing() {
    for name; do
        case $name in
        *.[ch]) [ -e "$name" ] ;;
        *) grep -qw "$name" ./*.[ch] ;;
        esac || echo "$name is not in common/map"
    done
}

@test "map/README.md: each function and field that it names is in the sources" {
    names=$(names_in README.md)
    [ "$(echo "$names" | wc -l)" -ge 20 ]
    # shellcheck disable=SC2086 # one word a name
    run missing $names $(fields_in README.md)
    echo "$output"
    [ -z "$output" ]
}

@test "map/README.md: each file that it names is there, and a function in that file" {
    # `function` (file.c)
    pairs=$(tr '\n' ' ' <README.md | grep -oE '`[a-z_]+` \([a-z_]+\.c\)')
    [ "$(echo "$pairs" | wc -l)" -ge 5 ]
    while read -r name file; do
        name=${name//\`/}
        file=${file//[()]/}
        echo "$name in $file"
        grep -qE "^[a-zA-Z].*\b$name\(" "$file"
    done <<<"$pairs"
}

@test "map/README.md: a name that is nowhere is found" {
    sed 's/`table_find`/`table_search`/' README.md >"$BATS_TEST_TMPDIR/README.md"
    # shellcheck disable=SC2046 # one word a name
    run missing $(names_in "$BATS_TEST_TMPDIR/README.md")
    [ "$output" = "table_search is not in common/map" ]
}

@test "map/README.md: fits a terminal, and is not long" {
    [ "$(wc -l <README.md)" -le 120 ]
    run grep -nE '^    .{75}' README.md
    [ "$status" -eq 1 ]
}
