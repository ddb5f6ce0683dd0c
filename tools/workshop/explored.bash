# For the test.bats of a folder: what make explore says of its programs.
# shellcheck shell=bash disable=SC2154

# Builds what make explore needs, or says why it cannot run here.
why_not_explore() {
    if [ -n "${SAN-}${RUNNER-}${CFLAGS-}" ]; then
        echo "explore compiles for itself: tried in the plain build"
    elif [ ! -f ../explore/Makefile ]; then
        echo "explore needs the whole project, of which this folder is a part"
    else
        make --silent -C ../explore tool library 2>&1 |
            sed -n 's/.*\(explore runs on Linux.*[^.]\)\.  Stop\.$/\1/p'
    fi
}

# explores MAKE-ARGUMENTS...: sets $output and $status to what explore says.
explores() {
    local why_not
    why_not=$(why_not_explore)
    [ -z "$why_not" ] || skip "$why_not"
    run $LIMIT make --silent explore "$@"
    echo "$output"
}

# The numbers of schedules and steps are other ones when the library changes.
without_numbers() {
    sed -E 's/[0-9,]+ schedules?/N schedules/; s/SCHEDULE=[0-9.,]+/SCHEDULE=N/
        s/(worker_threads.c):[0-9]+/\1:N/; /^make/d'
}

# readme_shows COMMAND: what it has printed. clang tells explore of other steps.
readme_shows() {
    [[ ${CC-} != clang* ]] || return 0
    diff <(awk -v c="\$ $1" '/^```/ { on = 0 } on; $0 == c { on = 1 }' README.md |
        without_numbers) <(without_numbers <<<"$output")
}

# holds PROGRAM: it has one output, in all schedules with at most 2 preemptions.
holds() {
    explores PROGRAM="$1" OPTIONS="--seconds 16"
    [ "$status" -eq 0 ]
    [[ ${lines[0]} == *" schedules, all of them with at most 2 preemptions: 1 output" ]]
    diff "expected_$1.txt" <(sed -n 's/^    //p' <<<"$output")
}

# schedule_of WORDS: the first schedule with this output.
schedule_of() {
    awk -v words="    $1" '/^Output / { schedule = $0 } $0 == words { print schedule }' \
        <<<"$output" | sed -n 's/.*SCHEDULE=\([0-9.,]*\).*/\1/p'
}
