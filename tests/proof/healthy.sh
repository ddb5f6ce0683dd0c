#!/bin/sh
# healthy.sh RUNS
#
# Runs the examples so many times in all, while the machine is busy with other
# things, in a build in which every wait asks whether the program is stuck, and
# not only a long one. No wait may report that: each run ends with status 0 and
# nothing on stderr. $LIMIT is the command that kills what takes too long.
set -eu

runs=$1
cd "$(dirname "$0")/../.."
said=$(mktemp)
busy=
# shellcheck disable=SC2086
trap 'kill $busy 2>/dev/null; rm -f "$said"' EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

programs=
for folder in [1-6]_*; do
    make -s -C "$folder" programs BUILD=build/healthy \
        CFLAGS="-O2 -g -DSTUCK_AFTER_MS=0"
    for program in "$folder"/build/healthy/*; do
        case $program in
        */sum-* | */async_task) ;;  # which takes a third of a second
        *) programs="$programs $program" ;;
        esac
    done
done

for _ in 1 2; do
    while :; do :; done &
    busy="$busy $!"
done

# One batch of a program's runs. It stops at the first that says something.
# shellcheck disable=SC2016
batch='i=0
    cd "${0%/build/*}" || exit
    while [ $i -lt 50 ]; do
        ./build/healthy/"${0##*/}" >/dev/null 2>>"$1" || exit
        [ ! -s "$1" ] || exit
        i=$((i + 1))
    done'

done=0
while [ "$done" -lt "$runs" ]; do
    for program in $programs; do
        [ "$done" -lt "$runs" ] || break
        # shellcheck disable=SC2086
        if ! ${LIMIT:-} sh -c "$batch" "$program" "$said" || [ -s "$said" ]; then
            echo "$program, after about $done runs:"
            cat "$said"
            exit 1
        fi
        done=$((done + 50))
    done
done
echo "$done runs of healthy programs on a busy machine, and none was called stuck"
