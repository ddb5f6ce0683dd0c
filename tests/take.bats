#!/usr/bin/env bats
# The library taken away: a copy of common/ and a small program, built in every
# way that common/README.md says.

bats_require_minimum_version 1.5.0

setup() {
    root=$(cd "$BATS_TEST_DIRNAME/.." && pwd)
    readme=$root/common/README.md
    cc=${CC:-cc}
    cp -R "$root/common" "$BATS_TEST_TMPDIR/common"
    cd "$BATS_TEST_TMPDIR" || exit
    cat >main.c <<'EOF'
#include <stdio.h>

#include "worker_threads.h"

static void worker_main(WorkerContext *self)
{
    port_post(self->parent_port, "Hello!");
}

int main(void)
{
    Worker *worker = worker_start(worker_main, NULL);

    Message msg;
    while (port_receive(worker->port, &msg))
        printf("Message from thread: %s\n", msg.text);

    return worker_join(&worker);
}
EOF
}

# Runs a program under the time limit of all tests.
says_hello() {
    # shellcheck disable=SC2086 # a command and its seconds
    run ${LIMIT:-timeout 20} "$1"
    echo "$output"
    [ "$status" -eq 0 ]
    [ "$output" = "Message from thread: Hello!" ]
}

# The one command of the README that compiles, with the compiler under test.
command_of_readme() { sed -n "s|^cc |$cc |p" "$readme"; }

# builds_with FLAGS ...: the README's command with more flags.
builds_with() {
    run eval "$(command_of_readme) $*"
    echo "$output"
    [ "$status" -eq 0 ]
    [ -z "$output" ]
    says_hello ./a.out
}

# The cells of a table's column, from the section with this title.
column() {
    awk -F ' *[|] *' -v title="## $1" -v column="$2" '
        /^## / { here = $0 == title }
        here && NF > 2 && !/^[|]-/ && row++ { print $(column + 1) }' "$readme"
}

links() { grep -oE '\]\([^)]+\)' | sed 's/^](//; s/)$//'; }

@test "take: the command in the README builds a program" {
    [ "$(command_of_readme | wc -l)" -eq 1 ]
    builds_with
}

@test "take: strict -std=c11 builds it, with no warning" {
    builds_with -std=c11 -Wall -Wextra -Wpedantic
    builds_with -std=c11 -D_GNU_SOURCE -Wall -Wextra
    builds_with -std=c11 -D_POSIX_C_SOURCE=200809L
}

@test "take: -O0 and -O3 build it" {
    builds_with -O0
    builds_with -O3
}

# The effects that the switch leaves out, as a program sees them: a line that is
# printed waits in a full buffer, and SIGQUIT has its default action.
@test "take: -DCOMMON_QUIET builds it, and changes nothing in the process" {
    builds_with -DCOMMON_QUIET
    cat >main.c <<'EOF'
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "channel.h"

int main(void)
{
    Port *port1, *port2;
    channel_open(&port1, &port2);
    struct sigaction action;
    sigaction(SIGQUIT, NULL, &action);
    if (action.sa_handler != SIG_DFL)
        puts("SIGQUIT has a handler");
    puts("at once");
    _exit(0);
}
EOF
    eval "$(command_of_readme)"
    # shellcheck disable=SC2086 # a command and its seconds
    [ "$(${LIMIT:-timeout 20} ./a.out 2>/dev/null)" = $'SIGQUIT has a handler\nat once' ]
    eval "$(command_of_readme) -DCOMMON_QUIET"
    # shellcheck disable=SC2086 # a command and its seconds
    [ -z "$(${LIMIT:-timeout 20} ./a.out 2>/dev/null)" ]
}

@test "take: without map_file/ it builds" {
    rm -r common/map_file
    builds_with
}

@test "take: a program runs with it as a shared library" {
    flags="-std=gnu11 -pthread -Icommon"
    # shellcheck disable=SC2086 # flags are words
    $cc $flags -fPIC -shared -o ./libcommon.so common/*/*.c
    # shellcheck disable=SC2086 # flags are words
    $cc $flags main.c ./libcommon.so
    says_hello ./a.out
    mv libcommon.so elsewhere.so
    # shellcheck disable=SC2086 # a command and its seconds
    if ${LIMIT:-timeout 20} ./a.out; then false; fi
}

# Those of its headers; called_from is read by their macros.
@test "take: a shared library may have the public names only" {
    flags="-std=gnu11 -pthread -Icommon -fvisibility=hidden"
    # shellcheck disable=SC2086 # flags are words
    $cc $flags -fPIC -shared -o ./libcommon.so common/*/*.c
    # shellcheck disable=SC2086 # flags are words
    $cc $flags main.c ./libcommon.so
    says_hello ./a.out
    nm -D --defined-only libcommon.so | awk '{ print $NF }' >names
    [ "$(wc -l <names)" -ge 100 ]
    while read -r name; do
        grep -qE "\<$name(\(|;)" common/*.h || { echo "$name"; false; }
    done <names
    [ "$(grep -c '^common_' names)" -eq 1 ]
}

# The compiler's own macros for them, and what it then says first.
@test "take: a system or a compiler that cannot have it is named in a sentence" {
    for try in "_WIN32 on Windows use WSL" "__wasm__ which wasm does not have" \
        "__TINYC__ compile it with gcc or clang"; do
        for file in main.c common/os/os.c common/map/siphash.c; do
            # shellcheck disable=SC2086 # several words
            run --separate-stderr $cc "-D${try%% *}" -pthread -Icommon -c -o a.o "$file"
            [ "$status" -ne 0 ]
            # shellcheck disable=SC2154 # bats sets it
            first=$(grep -m 1 error <<<"$stderr")
            echo "$first"
            [[ $first == *"${try#* }"* ]]
        done
    done
}

@test "take: pkg-config finds what make library has built" {
    command -v pkg-config || skip "there is no pkg-config"
    env -u MAKEFLAGS -u MAKELEVEL make --silent -C "$root" ${CC:+CC="$CC"} library
    # Not all of them quote a folder with a space.
    place=checkout
    if command -v pkgconf; then place="a checkout"; fi
    ln -s "$root" "$place"
    rm -r common
    export PKG_CONFIG_PATH="$PWD/$place/build"
    pkg-config --exists --print-errors common
    eval "$cc main.c $(pkg-config --cflags --libs common)"
    says_hello ./a.out
}

@test "take: the example for CMake builds it" {
    command -v cmake || skip "there is no cmake"
    awk '/^```/ { here = 0 } here; /^```cmake$/ { here = 1 }' "$readme" >CMakeLists.txt
    grep -q add_executable CMakeLists.txt
    unset MAKEFLAGS MAKELEVEL
    mkdir out
    (cd out && cmake .. && cmake --build .)
    says_hello out/hello
}

@test "take: common/ has its README, the public headers and the rooms on top" {
    for entry in common/*; do
        case $entry in
        common/README.md | common/*.h) ;;
        *) [ -d "$entry" ] || { echo "$entry"; false; } ;;
        esac
    done
    diff <(column "Which header for what" 1 | links | sort) \
        <(cd common && printf '%s\n' *.h | sort)
    diff <(column "The rooms" 1 | sort) <(cd common && printf '%s\n' */ | sort)
}

@test "take: each room includes what the README says" {
    while IFS='|' read -r room may; do
        others=$(sed -n 's|^ *# *include *"\([a-z_]*/\).*|\1|p' "common/$room"* |
            sort -u | grep -vxF -e base/ -e "$room" || true)
        for other in $others; do
            [[ $may == *"$other"* ]] || { echo "$room includes $other"; false; }
        done
    done < <(paste -d '|' <(column "The rooms" 1) <(column "The rooms" 3))
}

# Prints each row of the glossary whose file does not say one of its terms; a
# term may go on in the next line of a comment.
unsaid() {
    paste -d'|' <(column Glossary 1) <(column Glossary 3 | links) |
        while IFS='|' read -r terms file; do
            text=$(sed -E 's,^ *(//|[*])?,,' "common/$file" | tr -s ' \n' ' ')
            while read -r term; do
                grep -qiF -- "$term" <<<"$text" || echo "$file: $term"
            done <<<"${terms//, /$'\n'}"
        done
}

@test "take: each file that the glossary names says its terms" {
    ln -s "$root/plain" "$root/explore" .
    [ "$(column Glossary 1 | wc -l)" -ge 35 ]
    [ "$(column Glossary 3 | links | wc -l)" -eq "$(column Glossary 1 | wc -l)" ]
    [ -z "$(unsaid | tee /dev/stderr)" ]
    # And the test can fail.
    sed -i.old 's/NaN boxing/a trick/' common/map/tagged_value.h
    [ "$(unsaid)" = "map/tagged_value.h: NaN boxing" ]
}

@test "take: every link of the README leads to a file" {
    ln -s "$root/plain" "$root/explore" .
    [ "$(links <"$readme" | wc -l)" -ge 60 ]
    for file in $(links <"$readme"); do
        [ -e "common/$file" ] || { echo "$file"; false; }
    done
}
