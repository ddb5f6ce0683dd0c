#!/usr/bin/env bats
# The surface of the library, as a program sees it: the public headers, and no
# name without a prefix of ours.

bats_require_minimum_version 1.5.0

public=(atomics channel deadline future pool queue shared_map shared_map_file
    value worker_threads)

setup() {
    cd "$BATS_TEST_DIRNAME/../common" || exit
    work=$BATS_TEST_TMPDIR
    flags="-Wall -Wextra -Wpedantic -Werror -pthread -I. -I../tests/surface"
    cc="${CC:-cc} -std=gnu11"
}

# library [SAN]: builds it, and prints where it is.
library() {
    env -u MAKEFLAGS -u MAKELEVEL make --silent -C .. \
        -f tools/make/library.mk ${CC:+CC="$CC"} SAN="$1" library
    echo "../build${1:+/$1}/libcommon.a"
}

headers() { printf "%s.h\n" "${public[@]}" call_site; }

# The names of the functions that the public headers declare.
functions() {
    # shellcheck disable=SC2046 # these are words
    sed 's|//.*||' $(headers) | grep -oE '\b[a-z_0-9]+\(' | tr -d '(' | sort -u
}

# Runs a program under the time limit of all tests.
limited() {
    # shellcheck disable=SC2086 # a command and its seconds
    run ${LIMIT:-timeout 20} "$@"
}

prints_what_is_expected() {
    limited "$1"
    echo "$output"
    [ "$status" -eq 0 ]
    [ "$output" = "$(cat ../tests/surface/expected.txt)" ]
}

# The external names that a library defines; those of macOS begin with a _.
defined() {
    nm -g "$1" | awk 'NF > 1 && $(NF - 1) ~ /^[A-TV-Z]$/ { print $NF }' |
        sed 's/^_\([a-z]\)/\1/' | sort -u
}

@test "surface: the library has no external name without a prefix, nor when it is traced" {
    for san in "" trace; do
        library=$(library "$san")
        defined "$library" >"$work/names"
        grep -qx port_post "$work/names"
        grep -qx common_die "$work/names"
        # A name that no public header declares begins with common_.
        names=$(grep -v '^common_' "$work/names" | grep -vxFf <(functions) || true)
        echo "$names"
        [ -z "$names" ]
    done
}

@test "surface: nor has the library of the textbook versions" {
    library=$(PLAIN=1 library "")
    defined "${library/build/build/plain}" >"$work/names"
    grep -qx port_post "$work/names"
    names=$(grep -v '^common_' "$work/names" | grep -vxFf <(functions) || true)
    echo "$names"
    [ -z "$names" ]
}

@test "surface: a program has its own die, must, error_text, list, table_init ..." {
    library=$(library "")
    # shellcheck disable=SC2086 # flags are words
    $cc $flags -o "$work/own" ../tests/surface/own_names.c "$library"
    prints_what_is_expected "$work/own"
}

@test "surface: a C++ program includes and uses every public header" {
    cxx=${CXX:-$(command -v c++ || command -v g++ || command -v clang++)} ||
        skip "there is no C++ compiler"
    library=$(library "")
    # shellcheck disable=SC2086 # flags are words
    $cxx -std=c++17 $flags -o "$work/cpp" ../tests/surface/every_header.cpp \
        "$library"
    prints_what_is_expected "$work/cpp"
}

@test "surface: each public header compiles alone, in C11 and in C++" {
    cxx=${CXX:-$(command -v c++ || command -v g++ || command -v clang++)} || true
    for header in $(headers); do
        # shellcheck disable=SC2086 # flags are words
        echo "#include \"$header\"" |
            ${CC:-cc} -std=c11 $flags -fsyntax-only -x c -
        # shellcheck disable=SC2086 # flags are words
        [ -z "$cxx" ] || echo "#include \"$header\"" |
            $cxx -std=c++17 $flags -fsyntax-only -x c++ -
    done
}

@test "surface: the compiler warns of each await whose result is dropped" {
    dropped=../tests/surface/dropped_results.c
    for compiler in "${CC:-cc}" gcc clang; do
        command -v "${compiler%% *}" >/dev/null || continue
        # shellcheck disable=SC2086 # words
        run $compiler -std=gnu11 ${flags/-Werror/} -c -o "$work/dropped.o" $dropped
        echo "$compiler: $output"
        [ "$status" -eq 0 ]
        [ "$(grep -c 'warning: ignoring return value' <<<"$output")" -eq \
            "$(grep -c '^    future_await' $dropped)" ]
    done
}

@test "surface: public headers include public headers, call_site.h and the standard library" {
    for header in $(headers); do
        own=$(sed -n 's/^ *# *include *"\(.*\)".*/\1/p' "$header" |
            grep -vxFf <(headers) || true)
        others=$(sed -n 's/^ *# *include *<\(.*\)>.*/\1/p' "$header" |
            grep -vxE 'atomic|limits\.h|std(atomic|bool|def|int|io)\.h|string\.h' || true)
        echo "$header: $own $others"
        [ -z "$own$others" ]
    done
}

@test "surface: the macros of the public headers have prefixes or are functions' names" {
    for header in $(headers); do
        macros=$(sed -n 's/^ *# *define *\([A-Za-z_0-9]*\).*/\1/p' "$header" |
            grep -vE '^(COMMON|ATOMICS|DEADLINE)_' | grep -vxFf <(functions) || true)
        echo "$header: $macros"
        [ -z "$macros" ]
    done
}
