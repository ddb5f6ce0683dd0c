# shellcheck shell=bash
# For the scripts of this folder: the tests of the library and of the examples,
# built with other compilers and flags, and for other machines.

warnings="-Werror -Wpedantic -Wshadow"
export TEST_SECONDS=120  # for each test: the machine is busy

# Kills and failing calls do not depend much on the compiler, and take as long as
# all else. .ci/machines leaves out nothing.
: "${less=WITHOUT=shared_map_crashes shared_map_random_kills faults_%}"

# What does not depend on the order of bytes, as values, texts and maps do.
no_bytes="worker% future% pool% queue% channel% stuck% load_% port_fork% port_load \
port_misuse port_moves port_races"

# Lines for a debugger are made for the sanitizers only: they show them.
#
# variant WORDS MAKE-ARGUMENTS...
variant() {
    suite "$1" make -s -j2 test-fast "${@:2}"
}

# level COMPILER FLAGS
level() {
    variant "$1 $2" CC="$1" CFLAGS="$2 $warnings" "${@:3}"
}

sanitizer() {
    variant "$1 sanitizer, $2" SAN="$1" CC="$2" CFLAGS="-O2 -g $warnings" "${@:3}"
}

# machine NAME COMPILER FLAGS: under qemu, which has no robust mutexes and
# cannot start a thread in a forked child. Tests that need these count as
# skipped.
machine() {
    local endian=() without=$less
    if [ "$1" = s390x ]; then
        endian=(BIG_ENDIAN=1)
        [ "$less" = WITHOUT= ] || without+=" $no_bytes"
    fi
    variant "$1 under qemu, $2 $3" CC="$2" CFLAGS="$3 $warnings" \
        "${endian[@]}" "$without" RUNNER="qemu-$1 -L /usr/$1-linux-gnu"
}

# release NAME COMPILER...: of Debian, with these compilers of its own.
release() {
    suite "Debian's $*" bash .ci/release "$@"
}

# After linking, gcc sees that await_all may fail, and not that it cannot here.
link_time() {
    variant "$1 -O2 -flto" CC="$1" CFLAGS="-g -O2 -flto $warnings $2" "$less"
}

# The longest first, so that no core is idle at the end; .ci/machines has more.
all_variants() {
    sanitizer thread gcc "$less"
    machine aarch64 aarch64-linux-gnu-gcc -O2
    machine s390x s390x-linux-gnu-gcc -O2
    sanitizer address gcc
    variant "the textbook versions" PLAIN=1 CFLAGS="-O2 $warnings"
    # make test is gcc -O2.
    level clang -O2
    variant "32-bit x86" CC=i686-linux-gnu-gcc CFLAGS="-O2 $warnings" "$less"
    variant "musl" CC=musl-gcc CFLAGS="-O2 $warnings" "$less"
    # Mutexes and conditions instead of futexes, no robust mutexes, no getentropy,
    # no count of threads (os_has.h): tests that need these are skipped by name.
    variant "as on a system that is not Linux" \
        CFLAGS="-O2 -DNOT_LINUX $warnings"
}
