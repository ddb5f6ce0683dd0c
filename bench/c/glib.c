// The driver for GLib: GAsyncQueue and GThreadPool.

#include "bench.h"

extern const Cell glib_queue_cells[], glib_future_cells[],
    glib_memory_cells[];

int main(int argc, char **argv)
{
    const Cell *const tables[] = { glib_queue_cells, glib_future_cells,
                                   glib_memory_cells, NULL };
    return bench_main(argc, argv, tables);
}
