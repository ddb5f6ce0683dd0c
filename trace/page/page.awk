# The page as C: an array of lines, in which what page.html refers to, its
# style and its scripts, stands in the place of the reference.

# Not with gsub: awks disagree on what a backslash is in its replacement.
function escaped(line, mark,    done, at) {
    while ((at = index(line, mark)) > 0) {
        done = done substr(line, 1, at - 1) "\\" mark
        line = substr(line, at + 1)
    }
    return done line
}

function say(line) {
    print "    \"" escaped(escaped(line, "\\"), "\"") "\","
}

function put(file, before, after,    line, lines) {
    say(before)
    while ((getline line < file) > 0) { say(line); lines++ }
    close(file)
    if (lines == 0) { print "page.awk: no " file > "/dev/stderr"; exit 1 }
    say(after)
}

function name(line) { gsub(/^.*(href|src)="|".*$/, "", line); return line }

BEGIN { print "static const char *const page_text[] = {" }
/^<link rel="stylesheet"/ { put("trace/page/" name($0), "<style>", "</style>"); next }
/^<script src=/ { put("trace/page/" name($0), "<script>", "</script>"); next }
{ say($0) }
END { print "};" }
