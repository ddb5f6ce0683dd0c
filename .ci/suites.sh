# shellcheck shell=bash
# For the scripts of this folder: runs suites of tests, three at once, and adds up
# what they count. Needs bash 5.1, git and coreutils.
#
# A suite is a command that counts its tests in its last line of this form:
#
#     12 passed, 0 failed
#     12 passed, 0 failed, 1 skipped
#
# Each runs in a copy of the project, so that builds do not meet, and what it
# prints goes to a file. Of that, these are shown when it has ended: its tests
# that were skipped, its lines that begin with "figure: ", and if it failed the
# end of everything. A suite fails when a test failed, when there is no such line
# or nothing passed, when its status is not 0, and when it takes longer than
# SUITE_SECONDS: then it is killed.

: "${SUITE_SECONDS:=600}"
suites_at_once=3  # on two cores: a suite waits now and then

declare -A suite_of=()  # process number -> words
suite_number=0
passed=0
failed=0
skipped=0
table=

work=$(mktemp -d)

# Whatever still runs is stopped with its children: timeout passes the signal on.
end_suites() {
    local pid
    for pid in "${!suite_of[@]}"; do
        pkill -TERM -P "$pid" 2>/dev/null
    done
    wait
    rm -rf "$work"
}
trap end_suites EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# The files that git knows, as they are here now.
copy_project() {
    git ls-files -z --cached --others --exclude-standard |
        xargs -0 cp --parents -t "$1"
}

# In a process of its own. Leaves a log, the seconds, and the status.
run_suite() {
    local folder=$1 status=0
    trap - EXIT
    mkdir -p "$folder/copy"
    copy_project "$folder/copy"
    cd "$folder/copy" || exit
    TIMEFORMAT='%R %U %S'
    {
        time timeout --kill-after=10 "$SUITE_SECONDS" "${@:2}" \
            </dev/null >"$folder/log" 2>&1 || status=$?
    } 2>"$folder/seconds"
    [ "$status" -ne 124 ] || echo "killed: took longer than $SUITE_SECONDS s" >>"$folder/log"
    cd / && rm -rf "$folder/copy"
    exit "$status"
}

# suite WORDS COMMAND...: starts one, as soon as there is a place. With ONLY, a
# regular expression, it starts those whose words match.
suite() {
    [[ $1 =~ ${ONLY-} ]] || return 0
    while [ "${#suite_of[@]}" -ge "$suites_at_once" ]; do end_one; done
    suite_number=$((suite_number + 1))
    mkdir "$work/$suite_number"
    echo "$1" >"$work/$suite_number/words"
    run_suite "$work/$suite_number" "${@:2}" &
    suite_of[$!]=$suite_number
}

# Waits until all that were started have ended.
finish() {
    while [ "${#suite_of[@]}" -gt 0 ]; do end_one; done
}

# alone WORDS COMMAND...: a suite that wants the machine for itself.
alone() {
    finish
    suite "$@"
    finish
}

# Waits until one has ended, and reports it.
end_one() {
    local pid status=0
    wait -n -p pid "${!suite_of[@]}" || status=$?
    local folder=$work/${suite_of[$pid]}
    unset "suite_of[$pid]"
    report "$folder" "$status"
    rm -rf "$folder"
}

report() {
    local folder=$1 status=$2 p f s wall user system
    read -r p f s < <(sed -nE \
        's/^([0-9]+) passed, ([0-9]+) failed(, ([0-9]+) skipped)?$/\1 \2 \4/p' \
        "$folder/log" | tail -n 1)
    if [ "$status" -ne 0 ] || [ "${p:-0}" -eq 0 ]; then
        [ "${f:-0}" -gt 0 ] || f=1
    fi
    passed=$((passed + ${p:-0}))
    failed=$((failed + f))
    skipped=$((skipped + ${s:-0}))

    read -r wall user system < <(tail -n 1 "$folder/seconds")
    local words cpu
    words=$(<"$folder/words")
    cpu=$(awk "BEGIN { print int($user + $system + 0.5) }")
    table+=$(printf '%6d %6d %7d %7.0f %7d  %s' "${p:-0}" "$f" "${s:-0}" \
        "$wall" "$cpu" "$words")$'\n'
    printf '\n== %s (at %d s)\n' "$words" "$SECONDS"
    echo "${p:-0} passed, $f failed, ${s:-0} skipped; $wall s, $cpu s of processors"
    if [ "$f" -gt 0 ]; then
        grep -vE '^(ok|skip) ' "$folder/log" | tail -n 150
    else
        sed -nE '/^(skip |ok .* # skip|figure: )/s/^/    /p' "$folder/log"
    fi
}

# The last line adds up all tests of all suites.
add_up() {
    finish
    printf '\npassed failed skipped seconds    CPU\n%s' "$table"
    printf '\n%d s\n' "$SECONDS"
    echo "$passed passed, $failed failed$([ "$skipped" -eq 0 ] || echo ", $skipped skipped")"
    [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
}
