# For verdict.sh: the judge where explore cannot run. First many runs with
# threads that pause at random (delays.c), then some of them with
# ThreadSanitizer. These are fewer than all schedules, and the verdict says so.
# shellcheck shell=sh disable=SC2034,SC2154

delayed_runs=100 delayed_seconds=${DELAYED_SECONDS:-1}
checked_runs=10 checked_seconds=0  # with ThreadSanitizer
wrong_runs=20                      # and none right: so it is always

stand_in() {
    not_tried="every schedule ($why_not)"
    right_too='' wrong='' variant='' n=0
    compare_run
    with_delays || return
    tried="$n runs"
    [ "$n" -gt 1 ] || tried="1 run"
    cp "$work/errors" "$work/errors_of_right"
    with_thread_sanitizer || return
    cp "$work/errors_of_right" "$work/errors"
    if says_left; then return; fi
    says right "Right in $tried$delays$saw_no_race."
    echo "Not tried: $not_tried." | fold -s -w 80 | sed 's/ *$//'
    echo
    cat "$given/why.txt"
}

# Without delays these are runs too, but few of them differ.
with_delays() {
    variant=delays delays=" with delays"
    builds "$variant" || {
        variant='' delays=''
        not_tried="delays (they could not be built), $not_tried"
    }
    ends_in "$delayed_seconds"
    while another_run "$delayed_runs"; do
        judge_run || return 1
    done
    [ -z "$wrong" ] || says_wrong_run
}

# With delays here too. Where one thread ends before the next begins, the
# library's own locks bring them in order, and there is no race to see.
with_thread_sanitizer() {
    variant=thread-delays n=0 saw_no_race=''
    if ! thread_sanitizer_works || ! builds "$variant"; then
        cannot_check "${why_no_check:-the program cannot be built with it}"
        return 0
    fi
    TSAN_OPTIONS='halt_on_error=1 exitcode=66 detect_deadlocks=0
        report_thread_leaks=0 report_mutex_bugs=0 report_signal_unsafe=0
        report_destroy_locked=0'
    export TSAN_OPTIONS
    ends_in "$checked_seconds"
    while another_run "$checked_runs"; do
        if could_not_check; then return 0; fi
        if says_race_seen; then return 1; fi
        judge_run || return 1
    done
    saw_no_race=", and ThreadSanitizer saw no data race"
}

# builds VARIANT: of the attendee's program, which compiles without.
builds() {
    make_quietly "SAN=$1" "build/$1/$name" >/dev/null 2>"$work/why"
}

# The clock has whole seconds only: at least this many, less than one more.
ends_in() { end=$(($(date +%s) + $1 + 1)); }

# another_run MOST: of the variant, unless there were enough or the time for it
# is over. One there is always, and that has a limit of its own.
another_run() {
    [ "$n" -eq 0 ] ||
        { [ "$n" -lt "$1" ] && [ "$(date +%s)" -lt "$end" ]; } || return 1
    n=$((n + 1))
    DELAY_SEED=$n
    export DELAY_SEED
    runs "./build/$variant/$name"
}

# One wrong output is enough where another was right.
judge_run() {
    ended_well || {
        print_run_again
        return 1
    }
    compare_run
    [ -z "$wrong" ] ||
        { [ -z "$right_too" ] && [ "$n" -lt "$wrong_runs" ]; } || says_wrong_run
}

# Keeps the first wrong output. Run 0 is the one before all delays.
compare_run() {
    if printed_right; then
        right_too=yes
    elif [ -z "$wrong" ]; then
        wrong=$n
        cp "$work/output" "$work/wrong"
    fi
}

says_wrong_run() {
    n=$wrong
    if [ -z "$right_too" ]; then
        says_differs "$work/wrong"
        return 1
    elif [ "$n" -eq 0 ]; then
        says now-and-then "Wrong in some runs. Without delays it prints this:"
    else
        says now-and-then "Wrong in some runs. In run $n it prints this:"
    fi
    print_diff "$work/wrong"
    print_run_again
    return 1
}

print_run_again() {
    echo
    if [ -z "$variant" ] || [ "$n" -eq 0 ]; then
        echo "To run it again (it may end in another way):"
        echo "    make run-$name"
    else
        echo "The same delays again, which often end the same way:"
        echo "    make run-$name SAN=$variant DELAY_SEED=$n"
    fi
}

cannot_check() { not_tried="ThreadSanitizer ($1), $not_tried"; }

# ThreadSanitizer is not everywhere; and where it is, what it builds may not run,
# or find nothing. So first it is given a data race. Two accesses at the very
# same moment it may miss: so one comes later, but nothing orders them (relaxed).
# It remembers the last few accesses to 8 bytes: so the flag is not beside n.
thread_sanitizer_works() {
    cat >"$work/probe.c" <<'END'
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
_Alignas(64) int n;
_Alignas(64) atomic_int counted;
static void *count(void *arg)
{
    n++;
    atomic_store_explicit(&counted, 1, memory_order_relaxed);
    return arg;
}
int main(void)
{
    pthread_t thread;
    if (pthread_create(&thread, 0, count, 0) != 0) return 1;
    while (!atomic_load_explicit(&counted, memory_order_relaxed))
        sched_yield();
    n++;
    return pthread_join(thread, 0);
}
END
    why_no_check="${CC:-cc} cannot build with it"
    # shellcheck disable=SC2086  # several words
    ${CC:-cc} -fsanitize=thread -pthread -o "$work/probe" "$work/probe.c" \
        >/dev/null 2>"$work/why" || return 1
    why_no_check="a program built with it does not run here"
    runs "$work/probe"
    grep -q 'ThreadSanitizer: data race' "$work/errors" || return 1
    why_no_check=''
}

# The last run proves nothing about the program: with ThreadSanitizer it is five
# times as slow, and sometimes finds no room for its memory.
could_not_check() {
    if [ "$status" -eq 124 ]; then
        cannot_check "with it the program takes too long"
    elif grep -q 'FATAL: ThreadSanitizer' "$work/errors"; then
        cannot_check "a program built with it does not always run here"
    else
        return 1
    fi
}

# Where a program crashes, when it says nothing itself.
print_crash() {
    builds thread-delays || return 0
    runs "./build/thread-delays/$name"
    file=place
    sed -n "s|.*[/ ]\($name\.c:[0-9]*\).*|at \1|p" "$work/errors" |
        head -n 1 >"$work/$file"
    [ ! -s "$work/$file" ] || print_lines
}

says_race_seen() {
    grep -q 'ThreadSanitizer: data race' "$work/errors" || return 1
    says race "Right output, but a data race: nothing orders these two accesses."
    file=race
    awk -v own="$name.c" -f "$ROOT/tools/workshop/race.awk" "$work/errors" \
        >"$work/$file"
    print_lines
    echo
    echo "All that ThreadSanitizer says of it:"
    echo "    make run-$name SAN=$variant DELAY_SEED=$n"
}
