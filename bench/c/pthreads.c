// The driver for plain POSIX threads: the cells of the library, on the
// textbook versions of plain/. Beside them stand a queue and a handover as
// one writes them by hand for one purpose, and a map with another lock.

#include "bench.h"

extern const Cell ours_queue_cells[], ours_select_cells[],
    ours_port_cells[], ours_future_cells[], ours_map_cells[],
    ours_memory_cells[], pthreads_queue_cells[], pthreads_handover_cells[],
    pthreads_map_rwlock_cells[];

int main(int argc, char **argv)
{
    const Cell *const tables[] = { ours_queue_cells,
                                   ours_select_cells,
                                   ours_port_cells,
                                   ours_future_cells,
                                   ours_map_cells,
                                   ours_memory_cells,
                                   pthreads_queue_cells,
                                   pthreads_handover_cells,
                                   pthreads_map_rwlock_cells,
                                   NULL };
    return bench_main(argc, argv, tables);
}
