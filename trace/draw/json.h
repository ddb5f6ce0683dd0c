// Texts as JSON, which may stand inside the <script> of a page too.

#ifndef JSON_H
#define JSON_H

#include <stdbool.h>
#include <stdio.h>

// Writes the text, which is UTF-8, with quotes around it.
void json_text(FILE *file, const char *text);

// Opens the file for writing. Both say so on stderr, and return NULL or false,
// when there was a problem: json_close also when it was long before.
FILE *json_open(const char *path);
bool json_close(FILE *file, const char *path);

#endif
