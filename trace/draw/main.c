// draw EVENTS_FILE OUT_PREFIX
//
// Draws the run that a traced program wrote into EVENTS_FILE (events.h): in the
// terminal, as OUT_PREFIX.mmd for Mermaid, as OUT_PREFIX.html for a browser and
// as OUT_PREFIX.json for Perfetto.

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chrome.h"
#include "lanes.h"
#include "mermaid.h"
#include "page.h"

typedef bool Writer(const Run *run, const char *path);

static bool write_as(Writer *writer, const Run *run, const char *prefix,
                     const char *suffix)
{
    size_t size = strlen(prefix) + strlen(suffix) + 1;
    char *path = need_memory(NULL, size, 1);
    snprintf(path, size, "%s%s", prefix, suffix);
    bool written = writer(run, path);
    free(path);
    return written;
}

static void tell_of_damage(const Run *run, const char *path)
{
    if (run->damaged == 1)
        fprintf(stderr, "%s: line %zu makes no sense and is left out.\n", path,
                run->damaged_at);
    else if (run->damaged > 1)
        fprintf(stderr,
                "%s: %zu lines make no sense and are left out, the first is "
                "line %zu.\n",
                path, run->damaged, run->damaged_at);
    if (!run->complete)
        fprintf(stderr,
                "%s: the end is missing. This is what happened until then.\n",
                path);
}

int main(int argc, char *argv[])
{
    if (argc != 3) {
        fprintf(stderr, "usage: draw EVENTS_FILE OUT_PREFIX\n");
        return 2;
    }
    Run run;
    if (!run_read(&run, argv[1]))
        return EXIT_FAILURE;
    bool drawn = lanes_print(&run);
    fflush(stdout);
    tell_of_damage(&run, argv[1]);
    drawn = write_as(mermaid_write, &run, argv[2], ".mmd") && drawn;
    drawn = write_as(page_write, &run, argv[2], ".html") && drawn;
    drawn = write_as(chrome_write, &run, argv[2], ".json") && drawn;
    run_free(&run);
    return drawn ? EXIT_SUCCESS : EXIT_FAILURE;
}
