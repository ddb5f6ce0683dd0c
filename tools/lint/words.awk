# The comments of C files: how they are written, how many there are, and whether
# each .c file begins with one.
#
#   awk -f words.awk FILE...                  vague subjects
#   awk -v check=share -f words.awk FILE...   the share of comments, and heads
#   awk -v check=heads -f words.awk FILE...   heads only
#
# A vague subject is one of the words in the list below, or a sentence that
# begins with "What is", "What was", "What are" or "What were". Each comment line
# with a vague subject is printed as "file:line: comment". The last line counts
# them. The status is 1 from 2.0 per 1,000 words on.
#
# The share is comment lines in 100 lines that are not blank, over all .c files
# given. The status is 1 outside of 12.0 to 15.0. A .c file has a head comment if
# its first line that is not blank begins with a comment.
#
# Strings, character constants and code do not count. POSIX awk only.

BEGIN {
    split("who whoever whom whose nobody somebody everybody", list, " ")
    for (i in list)
        is_vague[list[i]] = 1
    split("is was are were", list, " ")
    for (i in list)
        is_verb[list[i]] = 1
    most_vague = 2.0
    least_share = 12.0
    most_share = 15.0
}

FNR == 1 {
    in_comment = in_string = in_text = head_seen = 0
    is_c = FILENAME ~ /\.c$/
    c_files += is_c
}

{
    sub(/\r$/, "")
    comment = comment_of($0)
    if (check == "")
        look_for_words(comment)
    else if (is_c && $0 ~ /[^ \t]/)
        count_line(comment)
}

END {
    if (check == "") {
        rate = words ? 1000 * vague / words : 0
        printf "%d vague subjects in %d words: %.1f per 1,000\n", vague, words, rate
        exit rate >= most_vague
    }
    if (check == "share") {
        share = lines ? 100 * comment_lines / lines : 0
        printf "%d comment lines of %d in %d .c files: %.1f %%\n", \
            comment_lines, lines, c_files, share
        wrong_share = share < least_share || share > most_share
    }
    if (headless || check == "heads")
        printf "%d of %d .c files without a head comment\n", headless, c_files
    exit wrong_share || headless > 0
}

# The line's comments, without the signs around them. Sets has_comment, and
# has_code when code stands before the comment. A comment or a string may go on
# in the next line.
function comment_of(line,    rest, found, sign, at)
{
    rest = line
    found = ""
    has_comment = has_code = 0
    while (rest != "") {
        if (in_comment) {
            has_comment = 1
            at = index(rest, "*/")
            in_comment = at == 0
            found = found " " (at ? substr(rest, 1, at - 1) : rest)
            rest = at ? substr(rest, at + 2) : ""
        } else if (in_string) {
            rest = after_string(rest)
        } else if (match(rest, /"|'|\/\/|\/\*/)) {
            sign = substr(rest, RSTART, RLENGTH)
            if (substr(rest, 1, RSTART - 1) ~ /[^ \t]/ || sign ~ /["']/)
                has_code = 1
            rest = substr(rest, RSTART + RLENGTH)
            if (sign == "//") {
                has_comment = 1
                return found " " rest
            }
            if (sign == "/*")
                in_comment = has_comment = 1
            else {
                in_string = 1
                quote = sign
                rest = after_string(rest)
            }
        } else {
            if (rest ~ /[^ \t]/)
                has_code = 1
            rest = ""
        }
    }
    return found
}

# The rest of the line behind the string or character constant. A constant goes
# on in the next line only behind a backslash.
function after_string(rest,    i, c)
{
    for (i = 1; i <= length(rest); i++) {
        c = substr(rest, i, 1)
        if (c == "\\")
            i++
        else if (c == quote) {
            in_string = 0
            return substr(rest, i + 1)
        }
    }
    in_string = c == "\\"
    return ""
}

# Comments on lines that follow each other are one text, so a sentence may begin
# in one line and go on in the next.
function look_for_words(comment,    rest, word, found)
{
    if (!has_comment || has_code || !in_text)
        begin_text()
    in_text = has_comment
    rest = comment
    found = 0
    while (match(rest, /[A-Za-z][A-Za-z'-]*/)) {
        if (substr(rest, 1, RSTART - 1) ~ /[.:;!?][)"']* /)
            begin_sentence()
        word = substr(rest, RSTART, RLENGTH)
        rest = substr(rest, RSTART + RLENGTH)
        words++
        found += look_at_word(word)
    }
    if (rest ~ /[.:;!?][)"']*[ \t]*$/)
        begin_sentence()
    if (found) {
        sub(/^[ \t]+/, "", comment)
        print FILENAME ":" FNR ": " comment
        vague += found
    }
}

function begin_text() { begin_sentence() }

function begin_sentence()
{
    first = 1
    after_what = 0
}

# How many vague subjects the word ends: "who's" and "who-knows" have one too.
function look_at_word(word,    parts, n, i, found)
{
    found = after_what && word in is_verb
    after_what = first && word == "What"
    first = 0
    n = split(tolower(word), parts, /['-]/)
    for (i = 1; i <= n; i++)
        found += parts[i] in is_vague
    return found
}

function count_line(comment)
{
    lines++
    comment_lines += has_comment
    if (!head_seen && (!has_comment || has_code)) {
        print FILENAME ": its first line is no comment"
        headless++
    }
    head_seen = 1
}
