# Reads the lines with #include of explore/, and prints each one that breaks a
# rule. Run in explore/: awk -f rooms.awk main.c */*.[ch]
#
#   base       nothing but itself: every room needs it
#   schedule   base
#   model      base, schedule
#   wrap       base, schedule, model
#   report     base, schedule, model, common/ and trace/
#
# main.c may include all of them. Headers do not include each other in a circle,
# and no two files have the same name.

BEGIN {
    may["base"] = " base "
    may["schedule"] = may["base"] "schedule "
    may["model"] = may["schedule"] "model "
    may["wrap"] = may["model"] "wrap "
    may["report"] = may["model"] "report common "
    may["main.c"] = " base schedule model wrap report "
}

FNR == 1 {
    room = FILENAME
    sub(/\/.*/, "", room)
    name = FILENAME
    sub(/.*\//, "", name)
    if (name in home)
        wrong(FILENAME " has the name of " home[name])
    home[name] = FILENAME
}

/^[ \t]*#[ \t]*include[ \t]*"/ {
    split($0, quoted, "\"")
    look_at(quoted[2])
}

# "x.h" is of the room itself, and "room/x.h" of another one.
function look_at(path,    of)
{
    of = room
    if (path ~ /^\.\.\/\.\.\/(common|trace)\//)
        of = "common"
    else if (path ~ /\//)
        of = substr(path, 1, index(path, "/") - 1)
    if (index(may[room], " " of " ") == 0)
        wrong(FILENAME ":" FNR " includes " path)
    if (of == room && path ~ /\//)
        wrong(FILENAME ":" FNR " names its own room: " path)
    if (of != "common")
        includes[FILENAME] = includes[FILENAME] " " \
            (path ~ /\// ? path : room "/" path)
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
