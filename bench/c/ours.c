// The driver for the library in common/.

#include "bench.h"

extern const Cell ours_queue_cells[], ours_select_cells[],
    ours_port_cells[], ours_future_cells[], ours_map_cells[],
    ours_memory_cells[];

int main(int argc, char **argv)
{
    const Cell *const tables[] = { ours_queue_cells,
                                   ours_select_cells,
                                   ours_port_cells,
                                   ours_future_cells,
                                   ours_map_cells,
                                   ours_memory_cells,
                                   NULL };
    return bench_main(argc, argv, tables);
}
