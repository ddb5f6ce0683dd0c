#!/bin/sh
# faults.sh BUILD [run]
#
# Looks whether the tests of common/ under faults (faults.h), which were built in
# this folder, leave something out: each call that the library makes must be one
# that they make fail, or one that cannot fail; and each public function must be
# in some scenario. With "run" it runs them all first, and adds up what they
# tried; then each call must have failed in some test.
set -eu

build=$(cd "$1" && pwd)
run=${2:-}
tests=$(cd "$(dirname "$0")" && pwd)
common=$tests/../../common
log=$(mktemp)
trap 'rm -f "$log"' EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

if [ "$(uname -s)" != Linux ]; then
    echo "Only on Linux can the linker put one call in another's place."
    exit 77
fi

# $LIMIT is a command with its arguments, if there is one.
run_all() {
    for file in "$tests"/faults_*.c; do
        program=$build/tests/proof/$(basename "$file" .c)
        for test in $("$program" | cut -f 1); do
            status=0
            # shellcheck disable=SC2086
            ${LIMIT:-} "$program" "$test" >>"$log" || status=$?
            if [ "$status" -eq 77 ]; then
                tail -n 1 "$log"
                continue
            fi
            [ "$status" -eq 0 ] || exit 1
            echo "scenario" >>"$log"
        done
    done
}

add_up() {
    awk '
        function total(words, died, went_on) {
            printf "%-45s %6d died %6d went on\n", words, died, went_on
        }
        $1 == "scenario" { scenarios++ }
        $4 != "died" { next }
        {
            call = sprintf("%-30s %s", $1, $2)
            if (!(call in died)) order[++calls] = call
            if (!($2 in kind_died)) kind_order[++kinds] = $2
            died[call] += $3; went_on[call] += $5
            kind_died[$2] += $3; kind_went_on[$2] += $5
            all_died += $3; all_went_on += $5
        }
        END {
            for (i = 1; i <= calls; i++)
                total(order[i], died[order[i]], went_on[order[i]])
            print ""
            for (i = 1; i <= kinds; i++)
                total(kind_order[i], kind_died[kind_order[i]],
                    kind_went_on[kind_order[i]])
            print ""
            printf "%d faults in %d scenarios: %d died with a word, %d went on\n",
                all_died + all_went_on, scenarios, all_died, all_went_on
        }' "$log"
}

if [ "$run" ]; then
    run_all
    add_up
fi

# Functions that the library calls and that cannot fail, with the reason.
cannot_fail='
memcpy memmove memset memcmp memchr    they only touch memory
strlen strchr strcmp strspn strrchr    they only touch memory
strcspn strtod strtol atoi __ctype_b_loc  they only touch memory
__isoc23_strtol isdigit isnan          they only touch memory
bcmp strerror strerror_r               they only touch memory
__xpg_strerror_r                       they only touch memory
qsort                                  goes without memory if it must
snprintf __snprintf_chk                of short things, to the stack
__memcpy_chk __memset_chk              they only touch memory
free                                   never fails
clock_gettime sched_yield              never fail
pthread_self pthread_equal geteuid     never fail
pthread_sigmask sigfillset sigdelset   with these arguments
sigemptyset sigaddset alarm            with these arguments
poll                                   then the reason of a death is lost
nanosleep                              a shorter pause does no harm
mremap                                 then memory counts as shared
pthread_exit _Exit _exit               do not return
stat __xstat                           then no program is called stuck
getrlimit                              of a limit that there is
fcntl                                  of a low descriptor: tests/os/test_file.c
read                                   of /dev/urandom: tests/os/test_file.c
sigaction                              of SIGQUIT, to ask and to set
write                                  a report that nobody can read
fflush                                 when the process dies anyway
ferror                                 only looks
setvbuf                                before main; if it did, lines come late
pthread_atfork pthread_key_create      before main
pthread_attr_init pthread_attr_destroy  they only touch memory
pthread_attr_getstacksize              it only touches memory
stdout stderr __errno_location         variables
__stdout __stderr ___errno_location    variables
_GLOBAL_OFFSET_TABLE_ __tls_get_addr   of the compiler and the linker
__sigsetjmp __stack_chk_fail           of the compiler
__pthread_register_cancel              pthread_cleanup_push
__pthread_unregister_cancel            pthread_cleanup_pop
__pthread_unwind_next                  pthread_cleanup_push
_pthread_cleanup_push                  pthread_cleanup_push
_pthread_cleanup_pop                   pthread_cleanup_pop
'

called=$(nm -u "$build/libcommon.a" | awk '$1 == "U" { print $2 }' | sort -u)
defined=$(nm "$build/libcommon.a" | awk 'NF == 3 { print $3 }' | sort -u)
failing=$(nm "$build"/tests/proof/fail_*.o | sed -n 's/.* T __wrap_//p')
missing=0
for call in $called; do
    if echo "$defined" | grep -qx "$call" ||
        echo "$cannot_fail" | sed 's/   .*//' | grep -qw "$call"; then
        continue
    fi
    name=${call#__}
    name=${name%_chk}
    # The ways to lock a mutex fail alike, and the library names one of them.
    case $name in
    pthread_mutex_trylock | pthread_mutex_timedlock | pthread_mutex_clocklock)
        name=pthread_mutex_lock ;;
    fxstat) name=fstat ;;
    esac
    if ! echo "$failing" | grep -qx "$call"; then
        echo "The library calls $call, and no test makes that fail." >&2
        missing=$((missing + 1))
    elif [ "$run" ] && ! grep -qE "^$name +.* (died|went on)" "$log"; then
        echo "The library calls $call, and it never failed." >&2
        missing=$((missing + 1))
    fi
done

for header in queue channel worker_threads future pool shared_map \
    shared_map_file atomics deadline value base/text; do
    names=$(sed -nE 's/^[A-Za-z][A-Za-z _]*[ *]([a-z_]+)\(.*/\1/p' \
        "$common/$header.h" | sort -u)
    for name in $names; do
        case $name in common_*) continue ;; esac
        grep -qE "\<$name\(" "$tests"/faults_*.c && continue
        echo "No scenario calls $name of $header.h." >&2
        missing=$((missing + 1))
    done
done
[ "$missing" -eq 0 ]
