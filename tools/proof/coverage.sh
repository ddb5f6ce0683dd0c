#!/usr/bin/env bash
# coverage.sh: which branches of the library the tests take. "make coverage".
#
# Everything is built with clang, and all tests run. Then once more to sleep on
# mutexes and conditions (-DWAIT_WITH_PTHREAD), with the tests of waiting: only
# os_futex.c differs. Counters lie in
# files that are mapped into memory, and are added to by atomic operations: so
# nothing is lost by threads that count at once, nor in processes that end by
# _Exit or are killed, as many tests have it. coverage.py prints the result,
# with the branches that are not covered and why (tests/proof/uncovered.txt).
#
# clang counts one side of a condition and takes the other as the rest. So where
# a process ends between the two, in a call that does not return, the rest is one
# too many: a branch that only such tests come near to may count as covered.
#
# BUILDS="futex" does without the second build. Needs clang with llvm, python3.
set -euo pipefail

cd "$(dirname "$0")/../.."
root=$PWD/build/coverage
export root
export LLVM_PROFILE_FILE=/dev/null  # of programs that only list their tests

# LLVM's tools of the same version as clang's.
version=$(clang -dumpversion)
version=${version%%.*}
tool() { command -v "$1-$version" || command -v "$1"; }
profdata=$(tool llvm-profdata)
cov=$(tool llvm-cov)

flags="-O1 -g -Qunused-arguments -fprofile-instr-generate -fcoverage-mapping
       -fprofile-update=atomic -mllvm -runtime-counter-relocation"
declare -A flags_of=([futex]="" [pthread]=-DWAIT_WITH_PTHREAD)
waiting=build/coverage/pthread/tests/os/test_
declare -A targets_of=([futex]="library tests"
    [pthread]="${waiting}wait ${waiting}wait_with_pthread ${waiting}atomics")

# The tests, and those under faults if there are such.
programs() {
    find "$root/$1/tests" -type f -perm -u+x \
        \( -name 'test_*' -o -name 'faults_*' \) | sort
}

# One test. %m%c: all processes of one program add to one file, while they run.
run_test() {
    LLVM_PROFILE_FILE="$root/$1/counts/${2##*/}-%m%c" \
        build/time_limit 120 "$2" "$3" </dev/null >"$root/$1/log-$3" 2>&1 ||
        [ $? -eq 77 ] ||
        { echo "failed: $1, ${2##*/} $3" && cat "$root/$1/log-$3"; return 1; }
    rm -f "$root/$1/log-$3"
}
export -f run_test

rm -f "$root"/*.json
for build in ${BUILDS:-futex pthread}; do
    read -ra targets <<<"${targets_of[$build]}"
    make --silent -j2 -f tools/make/library.mk "${targets[@]}" CC=clang "BUILD=build/coverage/$build" \
        "CFLAGS=${flags//$'\n'/ } ${flags_of[$build]}"
    rm -rf "$root/$build/counts"
    mkdir "$root/$build/counts"
    for program in $(programs "$build"); do
        "$program" | cut -f 1 | sed "s|^|$build $program |"
    done | xargs -P "${JOBS:-2}" -L 1 bash -c 'run_test "$@"' run_test
    "$profdata" merge -o "$root/$build/all.profdata" "$root/$build"/counts/*
    objects=()
    for program in $(programs "$build"); do
        objects+=(-object "$program")
    done
    "$cov" export -instr-profile "$root/$build/all.profdata" \
        "${objects[@]:1}" >"$root/$build.json"
done

python3 tools/proof/coverage.py tests/proof/uncovered.txt "$root"/*.json
