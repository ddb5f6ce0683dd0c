# shellcheck shell=bash
# For the scripts of this folder: the tests of the library and of the examples,
# built with other compilers and flags, and for other machines.

warnings="-Werror -Wpedantic -Wshadow"
export TEST_SECONDS=120  # for each test: the machine is busy

# variant WORDS MAKE-ARGUMENTS...
variant() {
    suite "$1" make -s -j2 -C common test-fast "${@:2}"
}

# level COMPILER FLAGS
level() {
    variant "$1 $2" CC="$1" CFLAGS="-g $2 $warnings"
}

# After linking, gcc sees that await_all may fail, and not that it cannot here.
link_time() {
    variant "$1 -O2 -flto" CC="$1" CFLAGS="-g -O2 -flto $warnings $2"
}

sanitizer() {
    variant "$1 sanitizer, $2" SAN="$1" CC="$2" CFLAGS="-O2 -g $warnings"
}

# machine NAME MAKE-ARGUMENTS...: under qemu, which has no robust mutexes and
# cannot start a thread in a forked child. What needs these counts as skipped.
machine() {
    variant "$1 under qemu" CC="$1-linux-gnu-gcc" "${@:2}" \
        RUNNER="qemu-$1 -L /usr/$1-linux-gnu"
}
