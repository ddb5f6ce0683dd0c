# A run with 20 workers and 6,000 messages, as its file of events.

function event(lane, kind, link, object, text) {
    printf "%d\t%d\t%d\t%s\t%d\tmain.c:%d\t%s\t%s\t\n", ++number,
        number * 700 + number % 7 * 40, lane, kind, link, 10 + number % 30,
        object, text
}

BEGIN {
    for (w = 2; w <= 21; w++) event(1, "start", w, "worker_" (w - 1), "")
    for (w = 2; w <= 21; w++) event(w, "begin", 0, "", "")
    for (m = 1; m <= 6000; m++) {
        event(m % 21 + 1, "post", m, "port", "message " m)
        event((m * 5 + 3) % 21 + 1, "receive", m, "port", "message " m)
    }
    for (w = 2; w <= 21; w++) {
        event(w, "end", 0, "", "")
        event(1, "join", w, "worker_" (w - 1), "")
    }
    print "# end"
}
