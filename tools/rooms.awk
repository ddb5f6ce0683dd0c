# Reads the lines with #include of a folder that has rooms, and prints each one
# that breaks a rule. Run in the folder, with a table of the includes that are
# allowed:
#
#   awk -f rooms.awk TABLE *.[ch] */*.[ch]
#
# A line of the table has the name of a room, a colon, and all that the room may
# include beside its own files: other rooms, or single files of other rooms. "."
# is the room of the files on top. "#" begins a comment.
#
# Headers do not include each other in a circle, and no two files have the same
# name.

BEGIN {
    for (i = 2; i < ARGC; i++)
        exists[ARGV[i]] = 1
}

FILENAME == ARGV[1] {
    if ($1 ~ /:$/)
        read_rule(substr($1, 1, length($1) - 1))
    next
}

FNR == 1 {
    room = room_of(FILENAME)
    name = FILENAME
    sub(/.*\//, "", name)
    if (name in home)
        wrong(FILENAME " has the name of " home[name])
    home[name] = FILENAME
    if (!(room in has_rule))
        wrong(FILENAME " is in a room with no line in the table")
}

# <x.h> is the system's, unless there is such a file.
/^[ \t]*#[ \t]*include[ \t]*["<]/ {
    split($0, quoted, /["<>]/)
    if ($0 ~ /include[ \t]*"/ || find(quoted[2]) in exists)
        look_at(quoted[2])
}

function read_rule(of,    i)
{
    has_rule[of] = 1
    may[of, of] = 1
    for (i = 2; i <= NF; i++)
        may[of, $i] = 1
}

function room_of(file)
{
    return file ~ /\// ? substr(file, 1, index(file, "/") - 1) : "."
}

# "x.h" is of the room itself or on top, and "room/x.h" of another one. A folder
# outside counts as a room too: "../../trace/x.h" is of trace.
function find(path)
{
    sub(/^(\.\.\/)+/, "", path)
    if (path ~ /\// || (!((room "/" path) in exists) && path in exists))
        return path
    return room == "." ? path : room "/" path
}

function look_at(path,    file)
{
    file = find(path)
    if (!((room, room_of(file)) in may) && !((room, file) in may))
        wrong(FILENAME ":" FNR " includes " path)
    if (room_of(file) == room && path ~ /\//)
        wrong(FILENAME ":" FNR " names its own room: " path)
    includes[FILENAME] = includes[FILENAME] " " file
}

function wrong(what)
{
    print what
    found = 1
}

# Goes along what a header includes; state 1 is on the way, 2 is done.
function follow(file, way,    all, count, i)
{
    if (state[file] == 1)
        wrong("a circle:" way " " file)
    if (state[file] != "")
        return
    state[file] = 1
    count = split(includes[file], all, " ")
    for (i = 1; i <= count; i++)
        follow(all[i], way " " file)
    state[file] = 2
}

END {
    for (name in home)
        if (name ~ /\.h$/)
            follow(home[name], "")
    exit found
}
