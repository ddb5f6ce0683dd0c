# For doctor.sh and exercise.sh: the checks of the machine. A check that fails
# prints a line MISSING, the reason, and what to type, and returns 1.
#
# The makefiles run this file after a build that failed. Then it prints the first
# thing that is missing, or nothing.
#
# CC, CFLAGS, CPPFLAGS and LDFLAGS are several words each.
# shellcheck shell=sh disable=SC2034,SC2086

has() { command -v "$1" >/dev/null 2>&1; }

say_more() {
    if has fold && has sed; then
        echo "$*" | fold -s -w 71 | sed 's/^/         /; s/ *$//'
    else
        echo "         $*"
    fi
}

# missing WORDS TEXT...: each text begins a line of its own.
missing() {
    state=missing
    echo "MISSING  $1" && shift
    for text; do say_more "$text"; done
    return 1
}

# to_install DEBIAN FEDORA ALPINE ARCH MACOS: what to type on this system.
to_install() {
    if [ "$(uname)" = Darwin ]; then
        echo "Type: $5"
    elif has apt-get; then
        echo "Type: sudo apt install $1"
    elif has dnf; then
        echo "Type: sudo dnf install $2"
    elif has zypper; then
        echo "Type: sudo zypper install $2"
    elif has apk; then
        echo "Type: sudo apk add $3"
    elif has pacman; then
        echo "Type: sudo pacman -S $4"
    else
        echo "Install the package $1, which may have another name on your system."
    fi
}
to_install_compiler() {
    to_install "gcc libc6-dev" "gcc glibc-devel" "gcc musl-dev" "gcc glibc" \
        "xcode-select --install"
}

has_tools() {
    lacking=
    for tool in awk cksum cmp cp cut dd diff fold grep head mktemp mv sed sort \
        tail tar tr; do
        has "$tool" || lacking="$lacking $tool"
    done
    [ -z "$lacking" ] || missing "tools:$lacking" "$(to_install \
        "coreutils diffutils gawk grep sed tar" \
        "coreutils diffutils gawk grep sed tar" \
        "coreutils diffutils gawk grep sed tar" \
        "coreutils diffutils gawk grep sed tar" "xcode-select --install")"
}

# room_in FOLDER TEXT: 1 MiB can be written there.
room_in() {
    room=$1/room.$$
    why=$(dd if=/dev/zero "of=$room" bs=65536 count=16 2>&1) && rm -f "$room" &&
        return 0
    rm -f "$room"
    why=$(echo "$why" | sed -n '1s/.*: //p')
    case $why in
    '') missing "room for a file of 1 MiB" "Look at: ulimit -f" ;;
    *[Ss]pace* | *quota*) missing "room on a disk" "Reason: $1: $why" \
        "Delete something there, and try again." ;;
    *) missing "a folder that can be written" "Reason: $1: $why" "$2" ;;
    esac
}

# has_room LOGS...: a build that fails deletes its files, and so makes room again.
# Its words are in the logs.
has_room() {
    full=$(cat "$@" 2>/dev/null </dev/null |
        grep -E 'No space left|quota exceeded' | sed -n '1s/.*Reason: //;1p')
    if [ -n "$full" ]; then
        missing "room on a disk" "Reason: $full" \
            "Delete something there, and try again."
    else
        room_in . "$elsewhere" && room_in "$ROOT" "$elsewhere"
    fi
}
elsewhere="Copy the project to a folder of your own, below ~, and work there."

# Folders that "sudo make" has made belong to root.
has_folders() {
    locked=$(find build "$ROOT/build" "$ROOT/explore/build" ${MINE:+"$MINE"} -type d 2>/dev/null |
        while read -r folder; do
            [ -w "$folder" ] || { echo "$folder" && break; }
        done)
    [ -z "$locked" ] || missing "a folder that can be written" \
        "Reason: $locked is not yours, perhaps after sudo make." \
        "Type: sudo chown -R $(id -un) $(cd "$ROOT" && pwd)"
}

write_probe() {
    cat >"$probe.c" <<'END'
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
static atomic_int n;
static void *count(void *arg) { n++; return arg; }
int main(void)
{
    pthread_t thread;
    if (pthread_create(&thread, 0, count, 0) != 0)
        return 1;
    if (pthread_join(thread, 0) != 0)
        return 1;
    return printf("%d thread\n", n) < 0;
}
END
}

# builds_with FLAGS...: with the compiler. Its words go to a file.
builds_with() { $CC -std=gnu11 "$@" >"$probe.words" 2>&1 </dev/null; }
builds_probe() { builds_with -pthread "$@" -o "$probe" "$probe.c"; }

# builds_lines LINES...: to an object.
builds_lines() {
    printf '%s\n' "$@" >"$probe.lines.c"
    builds_with -c -o "$probe.o" "$probe.lines.c"
}
reason() {
    why=$(grep -E 'rror|annot|not ' "$probe.words" | sed -n 1p)
    echo "Reason: ${why:-it says nothing}"
}

# Says why the compiler cannot build the probe.
explain_compiler() {
    if [ -x "$CC" ] && [ "${CC#* }" != "$CC" ]; then
        missing "C compiler" "Reason: make cannot use a path with a space: $CC" \
            "Type: ln -s '$CC' ~/my_cc; export CC=~/my_cc"
    elif ! has "${CC%% *}"; then
        missing "C compiler" ${CC:+"Reason: there is no ${CC%% *} here."} \
            "$(to_install_compiler)"
    elif ! builds_lines 'int main(void) { return 0; }'; then
        explain_broken "$(reason)"
    elif builds_probe; then
        builds_probe $flags
        missing "flags that the compiler can use" "$(reason)" \
            "Look at CFLAGS, CPPFLAGS and LDFLAGS, or type: unset CFLAGS CPPFLAGS LDFLAGS"
    elif ! builds_lines '#include <stdio.h>' '#include <pthread.h>'; then
        missing "headers of the C library" "$(reason)" "$(to_install_compiler)"
    elif ! builds_lines '#include <stdatomic.h>' 'atomic_int n;'; then
        missing "C compiler with the atomics of C11" \
            "Reason: $CC has none, gcc and clang do." \
            "$(if has gcc; then echo "Type: export CC=gcc"; else to_install_compiler; fi)"
    else
        builds_probe
        missing "C library to link with" "$(reason)" "$(to_install_compiler)"
    fi
}

explain_broken() {
    case $1$CC in
    *license*) missing "C compiler" "$1" "Type: sudo xcodebuild -license" ;;
    "$1"*' '*) missing "C compiler: not all of CC works" "$1" "Type: unset CC" ;;
    *) missing "C compiler that works" "$1" "$(to_install_compiler)" ;;
    esac
}

# A program that was built here runs here.
has_execution() {
    why=$(${RUNNER-} "$probe" 2>&1 >/dev/null) && return 0
    why=${why##*"$probe: "}
    case $why in
    *ermission*) missing "a folder in which programs may run" "Reason: $why" \
        "Its disk may be mounted with noexec. $elsewhere" ;;
    *) missing "C compiler for this machine" "Reason: a program of $CC: $why" \
        "$(to_install_compiler)" ;;
    esac
}

has_compiler() {
    probe=$ROOT/build/machine.$$ flags="$CPPFLAGS $CFLAGS $LDFLAGS"
    mkdir -p "$ROOT/build" && write_probe
    if ! builds_probe $flags; then
        explain_compiler
    elif ! has "${AR:-ar}"; then
        missing "${AR:-ar}, which comes with a compiler" "$(to_install_compiler)"
    else
        has_execution
    fi
    set -- $?
    rm -f "$probe" "$probe".*
    return "$1"
}

# fits LOGS...: says the first thing that is missing.
fits() {
    has_tools && has_room "$@" && has_folders &&
        room_in "${TMPDIR:-/tmp}" "Type: unset TMPDIR" && has_compiler
}

: "${CC=}" "${CFLAGS=}" "${CPPFLAGS=}" "${LDFLAGS=}"
case $0 in
*/machine.sh)
    LC_ALL=C
    export LC_ALL
    fits "$@"
    ;;
esac
