// The driver for liburcu, the userspace RCU library: its hash table.

#include "bench.h"

extern const Cell urcu_map_cells[];

int main(int argc, char **argv)
{
    const Cell *const tables[] = { urcu_map_cells, NULL };
    return bench_main(argc, argv, tables);
}
