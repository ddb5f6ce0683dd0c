# Puts what the page refers to into the page: its style and its scripts.

function put(file, before, after,    line) {
    print before
    while ((getline line < file) > 0) print line
    close(file)
    print after
}

function name(line) { sub(/^.*(href|src)="/, "", line); sub(/".*/, "", line); return line }

/^<link rel="stylesheet"/ { put(folder name($0), "<style>", "</style>"); next }
/^<script src=/ { put(folder name($0), "<script>", "</script>"); next }
{ print }
