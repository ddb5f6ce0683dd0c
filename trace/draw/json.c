// Strings as JSON (RFC 8259) that may stand inside a page's <script> too, and
// the files that the drawings are written to.

#include "json.h"

#include <string.h>

// JSON allows "<", U+2028 and U+2029 as they are. But inside a <script>
// "</script>" and "<!--" would end it or change how it is read, and in older
// JavaScript the two others end a line. As numbers they are the same text.
void json_text(FILE *file, const char *text)
{
    fputc('"', file);
    for (; *text != '\0'; text++) {
        unsigned char c = (unsigned char)*text;
        if (c == '"' || c == '\\')
            fprintf(file, "\\%c", c);
        else if (c < 0x20 || c == 0x7F || c == '<' || c == '>' || c == '&')
            fprintf(file, "\\u%04x", (unsigned)c);
        else if (strncmp(text, "\xE2\x80\xA8", 3) == 0 ||
                 strncmp(text, "\xE2\x80\xA9", 3) == 0) {
            fprintf(file, "\\u202%c", text[2] == '\xA8' ? '8' : '9');
            text += 2;
        } else
            fputc(c, file);
    }
    fputc('"', file);
}

FILE *drawing_open(const char *path)
{
    FILE *file = fopen(path, "w");
    if (file == NULL)
        perror(path);
    return file;
}

bool drawing_close(FILE *file, const char *path)
{
    // fclose writes the rest: a full disk may only show then.
    bool failed = ferror(file) != 0;
    failed = fclose(file) != 0 || failed;
    if (failed)
        perror(path);
    return !failed;
}
