#!/usr/bin/env bats
# Machines that lack something: the compiler, its headers, room, the right to
# write or to run. make doctor and make exercise name it in the same words, and
# no verdict blames the attendee.
# shellcheck disable=SC2030,SC2031 # a test's own path

load kit.bash

setup_file() {
    load kit.bash
    export copy=$BATS_FILE_TMPDIR/copy
    copy_project "$copy"
    export CFLAGS=-O0  # quick to build
    make -s -C "$copy/1_basic" build/main
    make -s -C "$copy" -f tools/make/library.mk limit
}

setup() {
    cd "$copy" || exit
    my=$BATS_TEST_TMPDIR/my bin=$BATS_TEST_TMPDIR/bin
    mkdir "$bin"
}

teardown() {
    cd /
    ! mountpoint -q "$BATS_TEST_TMPDIR/disk" || umount "$BATS_TEST_TMPDIR/disk"
}

# made WORDS...: what make says.
made() { limited env CFLAGS=-O0 make -s "$@"; }

# exercise WORDS...: of lesson 1, by runs.
exercise() {
    limited env CFLAGS=-O0 DELAYED_SECONDS=0 make -s -C 1_basic exercise EXPLORE= \
        MINE="$my" "$@"
}

# lacks TITLE TEXT MAKE-ARGUMENTS...: doctor and exercise say so in the same
# words, and no verdict was passed.
lacks() {
    local title=$1 text=$2 said
    shift 2
    made doctor "$@"
    [ "$status" -ne 0 ]
    said=$(sed -n '/^MISSING/,/^[^M ]/{/^MISSING/p;/^ /p;}' <<<"$output")
    [[ $said == "MISSING  $title"* ]]
    [[ $(tr -s ' \n' ' ' <<<"$said") == *"$text"* ]]
    awk 'length > 80 { exit 1 }' <<<"$said"
    exercise "$@"
    [ "$status" -ne 0 ]
    [ ! -e "$my/.answer/verdict" ]
    [[ $output != *"It d"* && $output != *"It prints"* ]]
    # Only the name of the file that was tried is another.
    [ "$(sed -n '/^MISSING/,/^$/{/./p;}' <<<"$output" | grep -v Reason: | tail -n 1)" = \
        "$(grep -v Reason: <<<"$said" | tail -n 1)" ]
    [[ $output == *"MISSING  $title"* ]]
    [[ $output == *$'\n'"That says nothing about "*$'\nmake exercise\n'* ]]
}

# fake NAME: a command, from what is read.
fake() {
    cat >"$bin/$1"
    chmod +x "$bin/$1"
}

@test "laptops: no compiler, or one that only asks to be installed" {
    lacks "C compiler" "Reason: there is no no-cc here. Type: " CC=no-cc
    lacks "C compiler" "Type: " CC=
    fake uname <<<'echo Darwin'
    fake cc <<'END'
#!/bin/sh
echo "xcrun: error: invalid active developer path (/Library/Developer/CommandLineTools)" >&2
exit 1
END
    path=$bin:$path
    lacks "C compiler that works" "Reason: xcrun: error: invalid active developer path (/Library/Developer/CommandLineTools) Type: xcode-select --install" CC="$bin/cc"
    fake cc <<'END'
#!/bin/sh
echo "You have not agreed to the Xcode license agreements." >&2
exit 69
END
    lacks "C compiler" "Type: sudo xcodebuild -license" CC="$bin/cc"
}

@test "laptops: a compiler without headers, C library, atomics or ar, or with flags that it lacks" {
    lacks "headers of the C library" "stdio.h Type: " CC="gcc -nostdinc"
    made -C 1_basic run CC="gcc -nostdinc"
    [[ $output == *$'\n'"MISSING  headers of the C library"* ]]
    made run CC="gcc -nostdinc"
    [[ $output == *$'\n'"MISSING  headers of the C library"* ]]
    lacks "C compiler: not all of CC works" "Type: unset CC" CC="gcc --no-such-flag"
    lacks "flags that the compiler can use" "-fno-such" CC=gcc CFLAGS=-fno-such-thing
    mkdir "$bin/c99"
    echo '#error "no atomics"' >"$bin/c99/stdatomic.h"
    lacks "C compiler with the atomics of C11" "has none, gcc and clang do. Type: export CC=gcc" \
        CC="gcc -I$bin/c99"
    fake cc <<'END'
#!/bin/sh
case " $* " in *" -c "*) exec gcc "$@" ;; esac
echo "ld: cannot find crt1.o: No such file or directory" >&2
exit 1
END
    lacks "C library to link with" "ld: cannot find crt1.o" CC="$bin/cc"
    lacks "no-ar, which comes with a compiler" "Type: " AR=no-ar CC=gcc
}

@test "laptops: tools that are missing, also those of explore" {
    for folder in /usr/local/bin /bin /usr/bin; do
        ! ls "$folder"/* >/dev/null 2>&1 || ln -sf "$folder"/* "$bin"
    done
    rm "$bin/cmp"
    path=$bin
    exercise
    [[ $output == "MISSING  tools: cmp"*$'\n'"That says nothing about "* ]]
    # shellcheck disable=SC2016 # for the shell
    run env PATH=/none EXPLORE=explore/Makefile /bin/sh -c '. tools/workshop/machine.sh
        . tools/workshop/schedules.sh; can_explore || echo "$why_not"'
    [ "$output" = "it needs nm, of the package binutils" ]
}

@test "laptops: all words of CC count, and the compiler's version is the compiler's" {
    fake ccache <<'END'
#!/bin/sh
[ "$1" != --version ] || { echo "ccache version 4"; exit; }
exec "$@"
END
    mkdir "$my"
    cp 1_basic/exercise/answer/.solution/answer.c "$my"
    path=$bin:$path
    made doctor CC="ccache gcc -std=c17" EXPLORE=
    [[ $output == *"ok       C compiler: gcc "* ]]
    limited env CC="ccache gcc -std=c17" CFLAGS=-O0 DELAYED_SECONDS=0 make -s \
        -C 1_basic exercise EXPLORE= MINE="$my" PLAIN=1 DEFINES=-Dmain=other
    [[ $output == "Right in "* ]]
}

@test "laptops: a folder that cannot be written, or belongs to another" {
    as_root_or_skip "mount a disk"
    my=my
    new_disk 40m
    mount -o remount,ro disk
    cd disk/copy
    lacks "a folder that can be written" "Reason: .: Read-only file system Copy the project to a folder of your own, below ~"
    mount -o remount,rw "$BATS_TEST_TMPDIR/disk"
    made doctor TMPDIR=/no/such
    [[ $output == *$'\nMISSING  a folder that can be written\n'*"Type: unset TMPDIR"* ]]
    # As "sudo make" leaves it.
    command -v setpriv >/dev/null || skip "no setpriv, to be another user"
    chmod a+x "$BATS_TEST_TMPDIR" "$BATS_TEST_TMPDIR"/{..,../..,../../..}
    chown -R 65534 .
    chown 0 build/objects
    limited setpriv --reuid=65534 --clear-groups make -s -C 1_basic exercise
    [[ $output == "MISSING  a folder that can be written"*"sudo chown -R "* ]]
}

# new_disk SIZE OPTIONS: a disk of its own, with a copy.
new_disk() {
    cd "$BATS_TEST_TMPDIR" || exit
    mkdir disk
    mount -t tmpfs -o "size=$1${2:+,$2}" tmpfs disk 2>/dev/null ||
        skip "no disk can be mounted here"
    cp -R "$copy" disk
}

@test "laptops: a disk from which nothing may run" {
    as_root_or_skip "mount a disk"
    my=my
    new_disk 40m noexec
    cd disk/copy
    lacks "a folder in which programs may run" "Permission denied Its disk may be mounted with noexec. Copy the project"
    made -C 1_basic run
    [[ $output == *"MISSING  a folder in which programs may run"* ]]
}

@test "laptops: a disk that has room again when the compiler has failed" {
    fake cc <<'END'
#!/bin/sh
case " $* " in *answer.c*) ;; *) exec gcc "$@" ;; esac
echo "Fatal error: can't write 9 bytes to section .text: 'No space left on device'" >&2
exit 1
END
    exercise CC="$bin/cc"
    [[ $output == *$'\n'"MISSING  room on a disk"*"That says nothing about "* ]]
    [[ $output != *"It does not compile"* ]]
}

# fill LEFT: the disk, but for that many KiB.
fill() {
    dd if=/dev/zero of=filler bs=1024 2>/dev/null || true
    truncate -s -"$1"K filler
}

@test "laptops: a disk that is full, and one that fills up in the middle" {
    as_root_or_skip "mount a disk"
    my=my
    new_disk 40m
    cd disk/copy
    fill 0
    lacks "room on a disk" "No space left on device Delete something there"
    [ ! -s 1_basic/my/answer.c ]
    rm filler
    mkdir -p 1_basic/my
    : >1_basic/my/answer.c
    exercise
    [[ $output == "my/answer.c is yours"*$'\nThen: edit '* ]]
    cmp 1_basic/my/answer.c 1_basic/exercise/answer/answer.c
    echo '// mine' >>1_basic/my/answer.c
    rm 1_basic/my/.answer/verdict
    # Room for the look before it begins, and not for the library.
    rm -rf build 1_basic/build
    fill 1200
    exercise
    [[ $output == "MISSING  room on a disk"* ]]
    [ ! -e 1_basic/my/.answer/verdict ]
    grep -q '// mine' 1_basic/my/answer.c
    rm filler
    exercise
    [[ $output == *$'\nThen: edit my/answer.c, and type: make exercise'* ]]
    # And while the program runs, which then prints something else.
    rm 1_basic/my/.answer/verdict
    cat >1_basic/my/answer.c <<'END'
#include <stdio.h>
int main(void)
{
    static char bytes[50000], name[20];
    FILE *file;
    for (int i = 0;; i++) {
        snprintf(name, sizeof name, "file%d", i);
        if (!(file = fopen(name, "w")) || !fwrite(bytes, sizeof bytes, 1, file))
            break;
        fclose(file);
    }
    puts("something else");
}
END
    fill 3000
    exercise
    [[ $output == "MISSING  room on a disk"* ]]
    [ ! -e 1_basic/my/.answer/verdict ]
}
