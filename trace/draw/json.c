#include "json.h"

#include <string.h>

// U+2028 and U+2029 end a line in older JavaScript.
static bool ends_line(const char *text)
{
    return strncmp(text, "\xE2\x80\xA8", 3) == 0 ||
           strncmp(text, "\xE2\x80\xA9", 3) == 0;
}

// With "<" written like that, there is no "</script>" and no "<!--".
static bool needs_number(unsigned char c)
{
    return c < 0x20 || c == 0x7F || c == '<' || c == '>' || c == '&';
}

void json_text(FILE *file, const char *text)
{
    fputc('"', file);
    for (; *text != '\0'; text++) {
        unsigned char c = (unsigned char)*text;
        if (c == '"' || c == '\\')
            fprintf(file, "\\%c", c);
        else if (needs_number(c))
            fprintf(file, "\\u%04x", (unsigned)c);
        else if (ends_line(text)) {
            fprintf(file, "\\u202%c", text[2] == '\xA8' ? '8' : '9');
            text += 2;
        } else
            fputc(c, file);
    }
    fputc('"', file);
}

FILE *json_open(const char *path)
{
    FILE *file = fopen(path, "w");
    if (file == NULL)
        perror(path);
    return file;
}

bool json_close(FILE *file, const char *path)
{
    bool failed = ferror(file) != 0;
    failed = fclose(file) != 0 || failed;
    if (failed)
        perror(path);
    return !failed;
}
