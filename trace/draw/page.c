// The page for a browser: page.html with its style and scripts inside
// (page_text.h, which make writes out of ../page), and the run as JSON where a
// comment says so. The page needs no network and no other file.

#include "page.h"

#include <string.h>

#include "json.h"

// The lines of page.html with its style and scripts inside: page_text.
#include "page_text.h"

// More than a reader looks at, and as much as a browser draws without a pause.
enum { PAGE_EVENTS = 5000 };

// An event is an array, which page_model.js reads: an object would repeat the
// names of its fields 5000 times. A position counts from 0; -1 says that there
// is no partner, and -2 that the page leaves the partner out.
static void write_event(FILE *file, const Run *run, size_t place)
{
    const Event *e = &run->events[place];
    size_t other = run->partner[place];
    fprintf(file, "[%lu,%lld,%u,\"%s\",%lu,%ld,", e->number, e->ns, e->lane,
            event_words[e->kind], e->link,
            other == NO_EVENT      ? -1
            : other >= PAGE_EVENTS ? -2
                                   : (long)other);
    const char *texts[] = { e->place, e->object, e->text, e->more };
    for (int i = 0; i < 4; i++) {
        json_text(file, texts[i]);
        fputc(i < 3 ? ',' : ']', file);
    }
}

// Lanes keep their numbers: lane n is the n-th name of "lanes".
static void write_run(FILE *file, const Run *run)
{
    size_t shown = run->count < PAGE_EVENTS ? run->count : PAGE_EVENTS;
    fprintf(file, "{\"steps\":%s,\"complete\":%s,\"left_out\":%zu,\"lanes\":[",
            run->steps ? "true" : "false", run->complete ? "true" : "false",
            run->count - shown);
    for (unsigned n = 0; n < run->lane_count; n++) {
        fputs(n > 0 ? "," : "", file);
        json_text(file, run->lanes[n].name);
    }
    fputs("],\n\"events\":[\n", file);
    for (size_t i = 0; i < shown; i++) {
        fputs(i > 0 ? ",\n" : "", file);
        write_event(file, run, i);
    }
    fputs("\n]}\n", file);
}

bool page_write(const Run *run, const char *path)
{
    FILE *file = drawing_open(path);
    if (file == NULL)
        return false;
    for (size_t i = 0; i < sizeof page_text / sizeof *page_text; i++) {
        if (strcmp(page_text[i], "<!-- the run -->") == 0)
            write_run(file, run);
        else
            fprintf(file, "%s\n", page_text[i]);
    }
    return drawing_close(file, path);
}
