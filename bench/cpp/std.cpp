// The driver for the C++ standard library.

#include "bench.h"

extern const Cell std_future_cells[], std_map_cells[];

int main(int argc, char **argv)
{
    const Cell *const tables[] = {std_future_cells, std_map_cells, nullptr};
    return bench_main(argc, argv, tables);
}
