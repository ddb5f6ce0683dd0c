// task_group, whose wait runs tasks in the thread that waits, as ours does.

#include <oneapi/tbb/task_group.h>

#include <vector>

#include "bench.h"

namespace {

// detail is how many tasks are started before they are awaited.
double in_group(const Cell *cell)
{
    long long batch = cell->detail;
    long long batches = cell->count / batch > 0 ? cell->count / batch : 1;
    std::vector<std::uint64_t> results(batch);
    oneapi::tbb::task_group group;
    std::uint64_t sum = 0;

    long long begin = bench_now();
    for (long long b = 0; b < batches; b++) {
        for (long long i = 0; i < batch; i++)
            group.run([&results, i] { results[i] = i + 1; });
        group.wait();
        for (std::uint64_t result : results)
            sum += result;
    }
    long long ns = bench_now() - begin;

    bench_check(sum == bench_sum(batch + 1) * batches, "the sum is wrong");
    return double(ns) / double(batch * batches);
}

}  // namespace

extern const Cell tbb_future_cells[] = {
    {"future-pool", in_group, 1, 4000000, 1},
    {"future-10000", in_group, 1, 4000000, 10000},
    BENCH_END,
};
