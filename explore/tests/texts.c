// The C library's reads: functions that print, compare, search or copy a text
// while another thread writes its first byte. Each must be a data race.
//
// With -DOTHER_BYTES they read from the second byte on, and there is no race:
// the detector works on bytes, not on words.
#include "litmus.h"

#include <stdlib.h>
#include <string.h>

char text[16] = "0123";
char copy[64];

#ifdef OTHER_BYTES
#define TEXT (text + 1)
#else
#define TEXT text
#endif

THREAD(writer)
{
    text[0] = '9';
    END;
}

THREAD(reader)
{
#if defined(PUTS)
    puts(TEXT);
#elif defined(FPUTS)
    fputs(TEXT, stdout);
#elif defined(FWRITE)
    fwrite(TEXT, 1, 3, stdout);
#elif defined(PRINTF)
    printf("%-3d|%+ld|%5.2f|%.1Lf|%c|%zu|%%|%hhd|%s|%s.\n", 1, 2L, 3.0, 4.0L,
           'c', sizeof text, (signed char)6, "other", TEXT);
#elif defined(NO_BYTES)
    printf("at %p%s%.0s\n", (void *)NULL, " is no text", TEXT);
    // A precision bounds the bytes that %s reads: this text has no zero.
#elif defined(PRECISION)
    char no_text[] = { 'n', 'o' };
    printf("%.2s %*d %.*s\n", no_text, 3, 7, 2, TEXT);
#elif defined(FPRINTF)
    fprintf(stdout, "%s\n", TEXT);
#elif defined(SNPRINTF)
    snprintf(copy, sizeof copy, "%s", TEXT);
    puts(copy);
#elif defined(INTO)
    sprintf(TEXT, "%d", 5);
#elif defined(STRDUP)
    puts(strdup(TEXT));
#elif defined(STRNCMP)
    r[0] = strncmp(TEXT, "12", 2);
#elif defined(STRCHR)
    r[0] = strchr(TEXT, '4') != NULL;
#elif defined(STRCAT)
    strcat(copy, TEXT);
#elif defined(ATOI)
    r[0] = atoi(TEXT);
#elif defined(STRTOLL)
    r[0] = strtoll(TEXT, NULL, 16) > 0;
#endif
    END;
}

int main(void)
{
    RUN(writer, reader);
    puts("over");
}
