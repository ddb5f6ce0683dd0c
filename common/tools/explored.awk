# Splits what explore says into files of the folder dir, and prints one line for
# each: "deadlock 1 119.1 13", the kind, its number, a schedule, and in how many.
# race.N is two lines "W1 writes answer.c:12", output.N the output as it was.

function begin(what) {
    kind = what
    file = dir "/" kind "." ++number[kind]
    printf "" > file
}

function end(line) {
    match(line, /SCHEDULE=[0-9.,]+|SEED=[0-9]+/)
    schedule = substr(line, RSTART + 9, RLENGTH - 9)
    count = line
    sub(/^[^(]*\(/, "", count)
    sub(/ .*/, "", count)
    print kind, number[kind], schedule, count
}

# Of "W1 writes the memory at map.c:5, from answer.c:12" the last place.
function access(text) {
    split(text, word, " ")
    while (match(text, /[a-z_0-9]+\.c:[0-9]+/)) {
        place = substr(text, RSTART, RLENGTH)
        if (place !~ /^worker_threads\.c/) mine = place
        text = substr(text, RSTART + RLENGTH)
    }
    print word[1], word[2], mine > file
}

/^Output [0-9]+ \(/ { begin("output"); end($0); in_output = 1; next }

/^[a-z][a-z ]*: / {
    in_output = 0
    what = $0
    sub(/:.*/, "", what)
    sub(/^[^:]*: /, "")
    begin(what == "deadlock" ? "deadlock" : what == "data race" ? "race" : "other")
    if (kind == "race") {
        halves = index($0, ", and ")
        access(substr($0, 1, halves - 1))
        access(substr($0, halves + 6))
    } else {
        print > file
    }
    next
}

/^    \([0-9,]+ schedules?; make replay / { end($0); next }

/^    / && file != "" && (in_output || kind != "race") {
    print substr($0, 5) > file
}
