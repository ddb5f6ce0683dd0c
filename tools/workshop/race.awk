# Of the first data race that ThreadSanitizer tells of, two lines as
# explored.awk has them: "W1 writes at answer.c:12". The access that came first
# is printed first; ThreadSanitizer prints it last. The place is the innermost
# in the file `own`, otherwise the innermost that has a line.

/ThreadSanitizer: data race/ { if (reports++) exit }

# "  Previous write of size 4 at 0x55 by thread T1 (mutexes: write M0):"
/([Rr]ead|[Ww]rite) of size .* by (main thread|thread T[0-9]+)/ {
    here = ++accesses
    what[here] = /[Rr]ead of/ ? "reads" : "writes"
    who[here] = "main"
    if (match($0, / by thread T[0-9]+/))
        who[here] = substr($0, RSTART + 11, RLENGTH - 11)
    next
}

# "    #0 take_ticket /home/me/my/tickets.c:14 (tickets+0x281f)"
here && $1 ~ /^#[0-9]+$/ {
    if (match($0, /[^\/ ]+\.[ch]:[0-9]+/)) {
        found = substr($0, RSTART, RLENGTH)
        if (place[here] == "" || \
            index(found, own ":") == 1 && index(place[here], own ":") != 1)
            place[here] = found
    }
    next
}

{ here = 0 }

# "  Thread T1 'W1' (tid=8338, finished) created by main thread at:"
$1 == "Thread" && $3 ~ /^'.*'$/ { name[$2] = substr($3, 2, length($3) - 2) }

END {
    for (i = accesses < 2 ? accesses : 2; i > 0; i--) {
        if (who[i] in name)
            who[i] = name[who[i]]
        print who[i], what[i], place[i] == "" ? "somewhere" : "at " place[i]
    }
}
