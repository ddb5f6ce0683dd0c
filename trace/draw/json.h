// Strings as JSON, which may stand inside the <script> of a page too; and the
// files that drawings are written to.

#ifndef JSON_H
#define JSON_H

#include <stdbool.h>
#include <stdio.h>

// Writes the text, which is UTF-8, with quotes around it.
void json_text(FILE *file, const char *text);

// Opens a file for a drawing, and closes it. Both return NULL or false after a
// message on stderr if that failed; drawing_close also if any write before it
// has failed.
FILE *drawing_open(const char *path);
bool drawing_close(FILE *file, const char *path);

#endif
