// draw EVENTS_FILE OUT_PREFIX
//
// Draws the run that a traced program wrote into EVENTS_FILE (events.h):
//
//     in the terminal    lanes.c     a timeline for each thread, time downwards
//     OUT_PREFIX.mmd     mermaid.c   a Mermaid sequence diagram
//     OUT_PREFIX.html    page.c      a page for a browser
//     OUT_PREFIX.json    chrome.c    the Chrome trace event format, for
//     Perfetto
//
// The four drawings share one Run and do not change it.

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chrome.h"
#include "lanes.h"
#include "mermaid.h"
#include "page.h"

// Writes one drawing into the file. Returns false after a message on stderr.
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

// After the picture, so that the message is not scrolled away.
static void tell_of_damage(const Run *run, const char *path)
{
    if (run->damaged == 1)
        fprintf(stderr,
                "%s: line %zu is not an event (nine fields with tabs between "
                "them) and is left out.\n",
                path, run->damaged_at);
    else if (run->damaged > 1)
        fprintf(stderr,
                "%s: %zu lines are not events (nine fields with tabs between "
                "them) and are left out. The first is line %zu.\n",
                path, run->damaged, run->damaged_at);
    if (!run->complete)
        fprintf(stderr,
                "%s: the last line, \"# end\", is missing: the program was "
                "killed. The picture ends with the last event that was "
                "written.\n",
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
    // A drawing that cannot be written does not keep the others from being
    // drawn.
    bool drawn = lanes_print(&run);
    fflush(stdout);  // before stderr: the two may be one terminal
    tell_of_damage(&run, argv[1]);
    drawn = write_as(mermaid_write, &run, argv[2], ".mmd") && drawn;
    drawn = write_as(page_write, &run, argv[2], ".html") && drawn;
    drawn = write_as(chrome_write, &run, argv[2], ".json") && drawn;
    run_free(&run);
    return drawn ? EXIT_SUCCESS : EXIT_FAILURE;
}
