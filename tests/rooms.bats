#!/usr/bin/env bats
# The includes of the rooms of common/, that this test can fail, and that two of
# them can be left out.

load kit/rooms

setup() {
    here="$BATS_TEST_DIRNAME"
    cd "$BATS_TEST_TMPDIR" || exit
    cp -R "$here/../common" .
    cd common || exit
}

look() {
    # shellcheck disable=SC2035 # awk has them as they are in the table
    run awk -f "$here/../tools/rooms.awk" "$here/rooms.txt" *.h */*.[ch]
    echo "$output"
}

@test "rooms: each includes the public headers, base/, os/ and its own files" {
    look
    [ "$status" -eq 0 ]
    [ -z "$output" ]
}

@test "rooms: an include that must not be is found" {
    complains queue.h '#include "base/die.h"' "includes base/die.h"
    complains base/die.h '#include "os/os.h"' "includes os/os.h"
    complains base/die.h '#include <os/os.h>' "includes os/os.h"
    complains os/os.c '#include "queue/queue_ring.h"' "includes queue/queue_ring.h"
    complains queue/queue.c '  # include "map/map_key.h"' "includes map/map_key.h"
    complains queue/queue.c '#include "../map/map_key.h"' "includes ../map/map_key.h"
    complains queue/queue.c '#include "queue/queue_ring.h"' "names its own room"
    complains queue/queue.c '#include "deadlock/deadlock_report.h"' \
        "includes deadlock/deadlock_report.h"
    complains map/map_key.c '#include "map_file/shared_file.h"' "includes map_file/"
    complains map_file/shared_file.c '#include "queue/queue_ring.h"' "includes queue/"
    complains future/pool.c '#include "channel/message_chain.h"' "includes channel/message_chain.h"
    complains deadlock/deadlock.c '#include "future/future_internal.h"' "includes future/"
    look
    [ "$status" -eq 0 ]
}

@test "rooms: a circle of headers, a name that is there twice and a new room are found" {
    complains value.h '#include "future.h"' "a circle:"
    complains os/spin.h '#include "os.h"' "a circle:"
    cp map/siphash.h base
    look
    [ "$status" -ne 0 ]
    [[ "$output" = *"has the name of "*"siphash.h"* ]]
    mkdir list
    mv base/siphash.h list/list.h
    look
    [[ "$output" = *"list/list.h is in a room with no line in the table"* ]]
}

# runs_without OPTION...: the first lesson, with all that is left of common/ in
# it, used or not.
runs_without() {
    ${CC:-cc} -std=gnu11 -Wall -Wextra -Werror -pthread "$@" -I. \
        "$here"/../1_basic/{main,worker}.c ./*/*.c -o lesson
    said=$($LIMIT ./lesson)
    echo "$said"
    [[ "$said" = *"Message from thread: Hello!"* ]]
    [ "$(wc -l <<<"$said")" -eq 3 ]
}

@test "rooms: map_file/ can be left out" {
    rm -r map_file
    runs_without
}

@test "rooms: deadlock/ can be left out, but for its one header" {
    rm deadlock/*.c deadlock/deadlock_report.h
    runs_without -DCOMMON_QUIET
}

@test "rooms: both can be left out" {
    rm -r map_file deadlock/*.c
    runs_without -DCOMMON_QUIET
}
