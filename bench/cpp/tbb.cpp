// The driver for oneTBB.

#include "bench.h"

extern const Cell tbb_queue_cells[], tbb_future_cells[], tbb_map_cells[];

int main(int argc, char **argv)
{
    const Cell *const tables[] = {tbb_queue_cells, tbb_future_cells,
                                  tbb_map_cells, nullptr};
    return bench_main(argc, argv, tables);
}
