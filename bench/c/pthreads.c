// The driver for plain POSIX threads: what one writes without a library.

#include "bench.h"

extern const Cell pthreads_queue_cells[], pthreads_handover_cells[],
    pthreads_future_cells[], pthreads_map_cells[], pthreads_memory_cells[];

int main(int argc, char **argv)
{
    const Cell *const tables[] = {
        pthreads_queue_cells,  pthreads_handover_cells,
        pthreads_future_cells, pthreads_map_cells,
        pthreads_memory_cells, NULL
    };
    return bench_main(argc, argv, tables);
}
