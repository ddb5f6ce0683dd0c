# The programs of an exercise, for tests: starter, solution and wrong attempts.
# shellcheck shell=bash

# write_attempt EXERCISE ATTEMPT FILE: the attempt's program, into the file. The
# exercise is its folder; the attempt is "starter", "solution", or the name of a
# patch in .wrong. A patch's first line names its base: starter or solution.
write_attempt() {
    local patch=$1/.wrong/$2.patch base=${1##*/}.c
    case $2 in
    starter) cp "$1/$base" "$3" ;;
    solution) cp "$1/.solution/$base" "$3" ;;
    *)
        base=$(sed -n '1s/^--- //p' "$patch")
        patch --silent --fuzz=0 --reject-file=- --output="$3" "$1/$base" "$patch" ||
            { echo "$patch does not apply to $base"; return 1; }
        ;;
    esac
}

skip_without_patch() {
    command -v patch >/dev/null || skip "no patch, which makes the wrong attempts"
}
