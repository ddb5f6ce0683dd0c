# For the tests of this folder: a copy of the project, as a person has it who
# just unpacked it, and commands under a time limit in a fresh environment.
# shellcheck shell=bash disable=SC2154

# copy_project FOLDER: all files as they are here now, but for what was built and
# what an attendee wrote. It may be no clone.
copy_project() {
    mkdir -p "$1"
    tar -cf - -C "$BATS_TEST_DIRNAME/../.." --exclude=build --exclude=my \
        --exclude=.git . | tar -xf - -C "$1"
}

# Without the folders that bats puts in front of it.
path=$(tr : '\n' <<<"$PATH" | grep -v bats-core | paste -sd : -)

# A cache of compilers, if there is one (.ci/run), is no part of what is tested.
cache=(${CCACHE_DIR:+CCACHE_DIR="$CCACHE_DIR" CCACHE_NOHASHDIR=1})

# Most of the time goes into compiling.
quick=(CFLAGS=-O0 TOOL_FLAGS=-O0)

# limited COMMAND...: sets $status and $output. LIMIT is a command that kills
# its children too, and its seconds; what is run here builds things.
limited() {
    # shellcheck disable=SC2153
    run env -i "${cache[@]}" "${quick[@]}" PATH="$path" HOME="$HOME" ${WITH_BATS:+WITH_BATS="$WITH_BATS"} \
        "${LIMIT% *}" 240 "$@"
    echo "$output"
}

# as_root_or_skip WHY: for what only root can set up.
as_root_or_skip() {
    [ "$(id -u)" -eq 0 ] || skip "only root can $1"
}
