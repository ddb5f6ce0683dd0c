#!/usr/bin/env bash
# lint.sh [annotations] [teeth] [analyzer] [tidy] [cppcheck]
#
# Static analysis: finds mistakes in the sources without running them. All
# tools, or those that are named. One line for each tool, and at the end "N
# passed, N failed".
#
#   annotations  clang proves the words of common/base/lock_annotations.h
#   teeth        and finds each break of teeth.txt
#   analyzer     gcc -fanalyzer
#   tidy         clang-tidy; .clang-tidy says what for, and why not for the rest
#   cppcheck
#
# Findings that are none stand in known.txt, each with the reason. On Debian 12:
#
#   apt-get install gcc clang-22 clang-tidy-14 cppcheck
#
# CLANG, GCC and TIDY choose others. JOBS says how many at a time.
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cd "$here/../.." || exit
export GCC=${GCC:-gcc} TIDY=${TIDY:-clang-tidy-14} CLANG=${CLANG:-clang-22}
jobs=${JOBS:-2}
passed=0
failed=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The benchmark's drivers of other libraries need those libraries.
files=(common/*/*.c plain/*.c tools/*.c tools/workshop/*.c [1-9]_*/*.c)
# Files in tests/surface/ have names and warnings on purpose.
for file in tests/*/*.c; do
    [[ $file = tests/surface/* ]] || files+=("$file")
done
# page.c needs what make draw puts together.
for file in trace/*.c trace/*/*.c; do
    [ "$file" = trace/draw/page.c ] || files+=("$file")
done
for file in bench/c/*.c; do
    case $file in
    */glib*.c | */urcu*.c) ;;
    *) files+=("$file") ;;
    esac
done

export FLAGS="-std=gnu11 -pthread -Icommon -Itests/kit -Itrace -Ibench/c"

# look TOOL FUNCTION N: calls the function with all files, N at a time, and prints
# what is not known. One that only fails has found something too.
look() {
    local status=0
    export -f "${2?}"
    printf '%s\n' "${files[@]}" | xargs -P "$jobs" -n "$3" bash -c "$2 \"\$@\"" _ \
        >"$work/all" 2>&1 || status=$?
    findings <"$work/all" >"$work/lines"
    unknown "$1" <"$work/lines"
    if [ "$status" -ne 0 ] && [ ! -s "$work/lines" ]; then tail "$work/all"; fi
}

# Lines of "file:line:column: warning: words [name]", with paths from here; and
# "program: error: words", of one that breaks down.
findings() {
    sed -nE "s|^$PWD/||
        s/^([^: ]+:[0-9]+):[0-9]+: (warning|(fatal )?error): /\1: /p
        /^[^: ]+: (fatal )?error: /p" | sort -u
}

# unknown TOOL <FINDINGS: those that known.txt does not know. It knows how many
# there are with a name in a file; and when there are fewer, that is one too.
unknown() {
    awk -v tool="$1" '
        !reading {
            if ($1 == tool) {
                known[$2 " " $3] = $4
                names[$2 " " $3] = $3
            }
            next
        }
        {
            file = $1
            sub(/:.*/, "", file)
            for (key in known)
                if (index(key, file " ") == 1 && known[key] > 0 &&
                    index($NF, names[key])) {
                    known[key]--
                    next
                }
            print
        }
        END {
            for (key in known)
                if (known[key] > 0)
                    print "known.txt: there is less than it says of " key
        }' "$here/known.txt" reading=1 -
}

# run TOOL: the tool's function prints what it found. It must also say that it
# was there: a tool that is missing finds nothing.
run() {
    local start=$SECONDS
    if ! "has_$1" >"$work/found" 2>&1; then
        echo "FAIL $1: it needs $("needs_$1")"
        failed=$((failed + 1))
        return
    fi
    "check_$1" >"$work/found" 2>&1
    if [ -s "$work/found" ]; then
        echo "FAIL $1"
        cat "$work/found"
        failed=$((failed + 1))
    else
        echo "ok   $1 ($(counted "$1"), $((SECONDS - start)) s)"
        passed=$((passed + 1))
    fi
}

counted() {
    case $1 in
    teeth) echo "$(grep -c '^common' "$here/teeth.txt") breaks found" ;;
    *) echo "${#files[@]} files" ;;
    esac
}

# Annotations.

needs_annotations() {
    echo "a clang of version 22 or newer: apt-get install clang-22, or CLANG=..."
}

# A clang that knows fields beside fields lets this pass.
has_annotations() {
    printf '%s\n' '#include "os/os.h"' 'struct S { Lock lock; int n GUARDED_BY(lock); };' \
        'int f(struct S *s);' 'int f(struct S *s) { lock_acquire(&s->lock);' \
        'int n = s->n; lock_release(&s->lock); return n; }' >"$work/probe.c"
    prove "$work/probe.c"
}

# Beta: a lock counts as the same under another name of the queue or future that
# it belongs to. Pointer: what is passed on by its address counts as touched.
prove() {
    # shellcheck disable=SC2086 # flags are words
    "$CLANG" $FLAGS -DCHECK_LOCKS -fsyntax-only -Werror -Wthread-safety \
        -Wthread-safety-beta -Wthread-safety-pointer -Wno-gcc-compat "$@" 2>&1
}

check_annotations() {
    look annotations prove 8
}

# The teeth of the annotations.

needs_teeth() { needs_annotations; }
has_teeth() { has_annotations && grep -q '^common' "$here/teeth.txt"; }

bites() {
    local file=$1 command=$2
    rm -rf "$work/common"
    cp -R common "$work/common"
    sed -i -E "$command" "$work/$file"
    if cmp -s "$file" "$work/$file"; then
        echo "teeth.txt: this changes nothing: $file $command"
    elif FLAGS="-std=gnu11 -pthread -I$work/common" prove "$work/$file" \
        >"$work/bite"; then
        echo "not found: $file $command"
    elif ! grep -q 'Wthread-safety' "$work/bite"; then
        echo "not found, but something else: $file $command"
        cat "$work/bite"
    fi
}

check_teeth() {
    local file command
    while IFS='|' read -r file command _; do
        case $file in common/*) bites "$file" "$command" ;; esac
    done <"$here/teeth.txt"
}

# gcc's analyzer.

needs_analyzer() { echo "gcc: apt-get install gcc, or GCC=..."; }
has_analyzer() { echo 'int x;' | "$GCC" -fanalyzer -x c -fsyntax-only -; }

# A benchmark that is out of memory may crash, and keeps its keys to the end.
analyze() {
    local bench=
    case $1 in bench/*) bench="-Wno-analyzer-possible-null-argument
        -Wno-analyzer-possible-null-dereference -Wno-analyzer-malloc-leak" ;; esac
    # shellcheck disable=SC2086 # flags are words
    "$GCC" $FLAGS -O2 -fanalyzer $bench -c -o /dev/null "$1" 2>&1
}

check_analyzer() {
    look analyzer analyze 1
}

# clang-tidy.

needs_tidy() { echo "clang-tidy 14: apt-get install clang-tidy-14, or TIDY=..."; }
has_tidy() { "$TIDY" --version; }

# shellcheck disable=SC2086 # flags are words
tidy() { "$TIDY" --quiet "$@" -- $FLAGS 2>&1; }

check_tidy() {
    look tidy tidy 6
}

# cppcheck. It knows what the library's own calls do from cppcheck.cfg. With
# IN_COMMON it sees calls, and not the macros around them (call_site.h), whose
# blocks in expressions it does not understand.
#
# Off: constParameter    arrays of what is the caller's
#      redundantContinue an empty body says so by "continue"
#      shadow...         tests are functions named after their subject; gcc
#                        and clang find what is shadowed for real
#      unusedStructMember  gaps between cache lines
#      variableScope     where it reads best

needs_cppcheck() { echo "cppcheck: apt-get install cppcheck"; }
has_cppcheck() { cppcheck --version; }

check_cppcheck() {
    local off=() status=0
    for name in constParameter redundantContinue shadowFunction shadowVariable \
        unusedStructMember variableScope missingIncludeSystem; do
        off+=("--suppress=$name")
    done
    # With one job it would look at all files as a whole, and find other things.
    cppcheck -q -j "$((jobs < 2 ? 2 : jobs))" --std=c11 --enable=warning,performance,portability,style \
        "${off[@]}" --library="$here/cppcheck.cfg" -DIN_COMMON -Icommon -Itests/kit -Itrace -Ibench/c \
        --template='{file}:{line}:{column}: warning: {message} [{id}]' \
        "${files[@]}" >"$work/all" 2>&1 || status=$?
    findings <"$work/all" | unknown cppcheck
    if [ "$status" -ne 0 ]; then tail "$work/all"; fi
}

[ $# -gt 0 ] || set -- annotations teeth analyzer tidy cppcheck
for tool; do
    run "$tool"
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
