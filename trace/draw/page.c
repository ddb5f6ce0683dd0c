#include "page.h"

#include <string.h>

#include "json.h"

// The lines of page.html with its style and scripts inside: page_text.
#include "page_text.h"

// More than anybody looks at, and as much as a browser draws without a pause.
enum { PAGE_EVENTS = 5000 };

// Places are counted from 0. -1 is none, -2 one that is left out.
static long place_on_page(size_t place)
{
    if (place == NO_EVENT)
        return -1;
    return place < PAGE_EVENTS ? (long)place : -2;
}

// page_model.js reads them.
static void write_event(FILE *file, const Run *run, size_t place)
{
    const Event *e = &run->events[place];
    fprintf(file, "[%lu,%lld,%u,\"%s\",%lu,%ld,", e->number, e->ns, e->lane,
            event_words[e->kind], e->link, place_on_page(run->partner[place]));
    const char *texts[] = { e->place, e->object, e->text, e->more };
    for (int i = 0; i < 4; i++) {
        json_text(file, texts[i]);
        fputc(i < 3 ? ',' : ']', file);
    }
}

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
    FILE *file = json_open(path);
    if (file == NULL)
        return false;
    for (size_t i = 0; i < sizeof page_text / sizeof *page_text; i++) {
        if (strcmp(page_text[i], "<!-- the run -->") == 0)
            write_run(file, run);
        else
            fprintf(file, "%s\n", page_text[i]);
    }
    return json_close(file, path);
}
