# Splits what explore says into files of the folder dir, and prints one line for
# each: "deadlock 1 SCHEDULE=119.1 13", the kind, its number, what replays it,
# and in how many schedules it was. race.N is two lines "W1 writes at
# answer.c:12", output.N the output as it was, and all others are text. Of a
# place and the calls that led there, one is left: the innermost in the file
# `own`, otherwise the innermost.

function begin(what) {
    kind = what
    file = dir "/" kind "." ++number[kind]
    printf "" > file
}

function end(line) {
    match(line, /SCHEDULE=[0-9.,]+|SEED=[0-9]+/)
    schedule = substr(line, RSTART, RLENGTH)
    count = line
    sub(/^[^(]*\(/, "", count)
    sub(/ .*/, "", count)
    print kind, number[kind], schedule, count
}

# Of "queue_ring.c:77, from queue.c:238, from pool.c:17, from worker_threads.c:47"
# it is "pool.c:17".
function innermost(chain, places, n, i) {
    n = split(chain, places, ", from ")
    for (i = 1; i <= n; i++)
        if (index(places[i], own ":") == 1)
            return places[i]
    return places[1]
}

function with_own_places(text, before) {
    while (match(text, /[^ ,]+\.[ch]:[0-9]+(, from [^ ,]+\.[ch]:[0-9]+)*/)) {
        before = before substr(text, 1, RSTART - 1) \
            innermost(substr(text, RSTART, RLENGTH))
        text = substr(text, RSTART + RLENGTH)
    }
    return before text
}

# Of "W1 writes the memory at answer.c:12, ..."
function access(text, words) {
    split(text, words, " ")
    match(text, /[^ ,]+\.[ch]:[0-9]+/)
    print words[1], words[2], "at", substr(text, RSTART, RLENGTH) > file
}

/^Output [0-9]+ \(/ { begin("output"); end($0); next }

/^[a-z][a-z0-9 ]*: / {
    what = $0
    sub(/:.*/, "", what)
    sub(/^[^:]*: /, "")
    begin(what == "deadlock" ? "deadlock" : what == "data race" ? "race" : "other")
    $0 = with_own_places($0)
    if (kind == "race") {
        halves = index($0, ", and ")
        access(substr($0, 1, halves - 1))
        access(substr($0, halves + 6))
    } else {
        print > file
    }
    next
}

# The output so far follows, and does not belong to the finding.
/^    \([0-9,]+ schedules?; make replay / { end($0); file = ""; next }

/^    / && file != "" && kind != "race" {
    $0 = substr($0, 5)
    print (kind == "output" ? $0 : with_own_places($0)) > file
}
