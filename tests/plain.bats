#!/usr/bin/env bats
# The textbook versions of plain/, as make builds them with PLAIN=1, beside the
# fast ones.

setup() {
    cd "$BATS_TEST_DIRNAME/.." || exit
    work=$BATS_TEST_TMPDIR
}

# fresh COMMAND...: without what the make that runs these tests would tell it.
fresh() {
    # $LIMIT is a command and its seconds; these build things, and take longer.
    # shellcheck disable=SC2153
    env -u MAKEFLAGS -u MAKELEVEL "${LIMIT% *}" 120 "$@"
}

# Without the numbers of processes, and sorted: threads may print in any order.
lines_of_run() {
    fresh make --silent run ${CC:+CC="$CC"} "$@" | sed 's/^PID [0-9]*$/PID/' | LC_ALL=C sort
}

@test "plain: make run PLAIN=1 prints what make run prints" {
    lines_of_run PLAIN=1 >"$work/plain"
    lines_of_run >"$work/fast"
    diff "$work/plain" "$work/fast"
    [ "$(grep -c '^== ' "$work/plain")" -eq 6 ]
}

# says_at_once LIBRARY HEADER STATEMENTS: a program that uses no other header of
# the library, and ends without a flush.
says_at_once() {
    printf '#include <stdio.h>\n#include <unistd.h>\n#include "%s"\n' "$2" >"$work/main.c"
    printf 'int main(void) { %s puts("at once"); _exit(0); }\n' "$3" >>"$work/main.c"
    ${CC:-cc} -std=gnu11 -pthread -Icommon -o "$work/main" "$work/main.c" "$1"
    # shellcheck disable=SC2086 # a command and its seconds
    [ "$($LIMIT "$work/main")" = "at once" ] || { echo "$1, $2"; false; }
}

@test "plain: a line is printed at once, whichever header a program uses" {
    fresh make --silent -f tools/make/library.mk library ${CC:+CC="$CC"}
    fresh make --silent -f tools/make/library.mk library PLAIN=1 ${CC:+CC="$CC"}
    for library in build/libcommon.a build/plain/libcommon.a; do
        says_at_once $library channel.h "Port *a, *b; channel_open(&a, &b);"
        says_at_once $library queue.h "queue_new(1, 1);"
        says_at_once $library pool.h "Pool *pool = pool_new(1); pool_join(&pool);"
        says_at_once $library shared_map.h "shared_map_new();"
        says_at_once $library atomics.h "_Atomic int32_t n; atomics_notify(&n, 1);"
    done
}
