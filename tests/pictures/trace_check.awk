# Says what is wrong with a file of events (trace/events.h), if anything.
#
#   awk -f trace_check.awk FILE

function bad(what) { print FILENAME ":" FNR ": " what ": " $0; wrong = 1 }

# Each of a pair once, and the second after the first; `many`: the second more
# than once.
function first(kind) {
    if ($5 == 0 || (kind, $5) in firsts) bad("a link is used twice")
    firsts[kind, $5] = $3
}
function second(kind, many) {
    if (!((kind, $5) in firsts)) bad("comes before its " kind)
    if (!many && (kind, $5) in seconds) bad("comes twice")
    seconds[kind, $5] = 1
}

BEGIN { FS = "\t"; began[1] = 1 }
ended { bad("stands behind the end") }
$0 == "# end" { ended = 1 }
/^#/ { next }

{
    if (NF != 9) bad("has " NF " fields")
    if ($1 != ++count) bad("is not number " count)
    if ($2 + 0 < last + 0) bad("is earlier than the one before")
    last = $2
    if (count == 1 && $2 != 0) bad("is not at 0")
    if (/[\001-\010\013-\037\177]/) bad("has a control character")
    if ($3 in over) bad("its lane has ended")
    if ($4 != "begin" && !($3 in began)) bad("its lane has not begun")
    if (waiting[$3] && ($4 != "wake" || $5 != waiting[$3]))
        bad("its lane sleeps")
}
$4 == "start" { first("start"); if (named[$6 = $7]++) bad("has no name of its own") }
$4 == "begin" {
    if ($3 in began) bad("has begun before")
    if ($7 == "" && !(("start", $3) in firsts)) bad("was not started")
    began[$3] = 1
}
$4 == "end" { over[$3] = 1 }
$4 == "join" { if (!($5 in over)) bad("has not ended"); if ($7 == "") bad("has no name") }
$4 == "post" { first("post") }
$4 == "receive" { second("post") }
$4 == "settle" { first("settle") }
$4 == "await" { second("settle", 1) }
$4 == "notify" && $5 != 0 { first("notify") }
$4 == "notified" { second("notify") }
$4 == "wait" { waiting[$3] = $5; first("wait"); if ($8 == "") bad("says not for what") }
$4 == "wake" {
    second("wait")
    if (!waiting[$3]) bad("did not sleep")
    waiting[$3] = 0
}
$4 !~ /^(start|begin|end|join|post|receive|settle|await|notify|notified|wait|wake|refused|close|cancel|map|died)$/ {
    bad("is of no kind")
}
END {
    if (!ended) { print FILENAME ": has no end"; wrong = 1 }
    exit wrong
}
