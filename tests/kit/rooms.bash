# For the tests of what rooms may include: look() runs tools/rooms.awk.
# shellcheck shell=bash disable=SC2154

# complains FILE LINE WORDS: with that line in the file it says these words.
complains() {
    cp "$1" whole
    echo "$2" >>"$1"
    look
    [ "$status" -ne 0 ]
    [[ "$output" = *"$3"* ]]
    mv whole "$1"
}
