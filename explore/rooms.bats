#!/usr/bin/env bats
# What the rooms of explore/ may include, and that this test can fail.

load ../tests/kit/rooms

setup() {
    cd "$BATS_TEST_TMPDIR" || exit
    cp -R "$BATS_TEST_DIRNAME"/{base,schedule,model,wrap,report,main.c} .
}

look() {
    run awk -f "$BATS_TEST_DIRNAME/../tools/rooms.awk" "$BATS_TEST_DIRNAME/rooms.txt" \
        main.c {base,schedule,model,wrap,report}/*.[ch]
    echo "$output"
}

@test "explore's rooms: each includes only those below it" {
    look
    [ "$status" -eq 0 ]
    [ -z "$output" ]
}

@test "explore's rooms: an include that must not be is found" {
    complains schedule/choice.c '#include "model/shadow.h"' \
        "schedule/choice.c:$(($(wc -l <schedule/choice.c) + 1)) includes model/shadow.h"
    complains model/shadow.c '#include "report/output.h"' "includes report/output.h"
    complains wrap/tsan.c '#include "report/output.h"' "includes report/output.h"
    complains report/report.c '  # include "wrap/wrap.h"' "includes wrap/wrap.h"
    complains base/finding.h '#include "schedule/thread.h"' "includes schedule/thread.h"
    complains model/memory.c '#include "../report/output.h"' "includes ../report/output.h"
    complains model/memory.c '#include "../../common/base/trace_hooks.h"' "includes ../../common/base/trace_hooks.h"
    complains model/memory.c '#include "model/cell.h"' "names its own room"
    look
    [ "$status" -eq 0 ]
}

@test "explore's rooms: a circle of headers is found, and a name that is there twice" {
    complains schedule/clock.h '#include "thread.h"' "a circle:"
    complains model/cell.h '#include "shadow.h"' "a circle:"
    cp model/cell.h report
    look
    [ "$status" -ne 0 ]
    [[ "$output" = *"has the name of model/cell.h"* ]]
}
