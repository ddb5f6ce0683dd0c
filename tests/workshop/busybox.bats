#!/usr/bin/env bats
# An attendee's path where all tools but make and the compiler are busybox's.

setup() {
    cd "$BATS_TEST_DIRNAME/../.." || exit
    command -v busybox >/dev/null || skip "no busybox"
    . tests/workshop/attempt.bash
    skip_without_patch
    bin=$BATS_TEST_TMPDIR/bin my=$BATS_TEST_TMPDIR/my
    mkdir -p "$bin" "$my"
    for tool in $(busybox --list); do
        ln -sf "$(command -v busybox)" "$bin/$tool"
    done
    # Recipes too are for its shell. The compiler needs its own tools.
    rm -f "$bin/make" "$bin/ar" "$bin/nm" "$bin/ld" "$bin/as" "$bin/strings"
    printf '#!/bin/sh\nexec "%s" SHELL="%s/sh" "$@"\n' "$(command -v make)" \
        "$bin" >"$bin/make"
    chmod +x "$bin/make"
    # shellcheck disable=SC2153 # a command and its seconds
    limit=${LIMIT:+${LIMIT% *} 120}
}

# made FOLDER MAKE-ARGUMENTS...: what that says, in $output.
made() {
    PATH=$bin:$PATH run $limit make --silent -C "$1" "${@:2}" \
        MAKE="$bin/make" SH="$bin/sh" MINE="$my"
    echo "$output"
    [ "$status" -eq 0 ]
}

# Judged in the first way where that can run, else in the second.
@test "busybox: doctor, both kinds of verdict, hint, solution, reset, progress" {
    tickets=4_shared_state/exercise/tickets
    made . doctor
    [[ $output == *$'\n'"Ready. Type: "* ]]
    for explore in '' EXPLORE=; do
        # shellcheck disable=SC2086 # one word or none
        made 4_shared_state reset $explore
        made 4_shared_state exercise $explore
        [[ $output == "Wrong "*$'\n    should be: sold 2, 0 left\n'* ]]
        write_attempt $tickets only_atomic "$my/tickets.c"
        made 4_shared_state exercise $explore
        [[ $output == "Wrong "* ]]
        made 4_shared_state hint
        [[ $output == "hint 1 of 3"* ]]
        made 4_shared_state solution
        [[ $output == *$'\n+static pthread_mutex_t mutex'* ]]
        cp $tickets/.solution/tickets.c "$my/tickets.c"
        made 4_shared_state exercise $explore
        [[ $output == "Right"*$'\n'"The lock is held "* ]]
        made . progress
        [[ $output == "[#>--------] 1/8"* ]]
    done
    made . exercises
    [[ $output == *"[x] tickets "* ]]
}
