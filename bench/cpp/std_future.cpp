// std::async in a thread of its own; and std::packaged_task in a pool of as
// many threads as there are cores, which the standard library leaves to us.

#include <condition_variable>
#include <deque>
#include <future>
#include <mutex>
#include <thread>
#include <vector>

#include "bench.h"

namespace {

using Task = std::packaged_task<std::uint64_t()>;

class PlainPool {
public:
    explicit PlainPool(unsigned count)
    {
        for (unsigned i = 0; i < count; i++)
            threads_.emplace_back([this] { work(); });
    }

    ~PlainPool()
    {
        {
            std::lock_guard<std::mutex> guard(lock_);
            closed_ = true;
        }
        not_empty_.notify_all();
        for (std::thread &thread : threads_)
            thread.join();
    }

    template <typename Function>
    std::future<std::uint64_t> start(Function function)
    {
        Task task(std::move(function));
        std::future<std::uint64_t> future = task.get_future();
        {
            std::lock_guard<std::mutex> guard(lock_);
            tasks_.push_back(std::move(task));
        }
        not_empty_.notify_one();
        return future;
    }

private:
    bool next(Task &task)
    {
        std::unique_lock<std::mutex> guard(lock_);
        not_empty_.wait(guard, [this] { return closed_ || !tasks_.empty(); });
        if (tasks_.empty())
            return false;
        task = std::move(tasks_.front());
        tasks_.pop_front();
        return true;
    }

    void work()
    {
        Task task;
        while (next(task))
            task();
    }

    std::mutex lock_;
    std::condition_variable not_empty_;
    std::deque<Task> tasks_;  // guarded by lock_
    bool closed_ = false;     // guarded by lock_
    std::vector<std::thread> threads_;
};

// Starts `batch` tasks with start(number), then awaits them all, again and
// again.
template <typename Start>
double measure(const Cell *cell, Start start)
{
    long long batch = cell->detail;
    long long batches = cell->count / batch > 0 ? cell->count / batch : 1;
    std::vector<std::future<std::uint64_t>> futures;
    futures.reserve(batch);
    std::uint64_t sum = 0;

    long long begin = bench_now();
    for (long long b = 0; b < batches; b++) {
        for (long long i = 0; i < batch; i++)
            futures.push_back(start(i));
        for (auto &future : futures)
            sum += future.get();
        futures.clear();
    }
    long long ns = bench_now() - begin;

    bench_check(sum == bench_sum(batch + 1) * batches, "the sum is wrong");
    return double(ns) / double(batch * batches);
}

double in_threads(const Cell *cell)
{
    return measure(cell, [](std::uint64_t number) {
        return std::async(std::launch::async, [number] { return number + 1; });
    });
}

double in_pool(const Cell *cell)
{
    PlainPool pool(std::thread::hardware_concurrency());
    return measure(cell, [&pool](std::uint64_t number) {
        return pool.start([number] { return number + 1; });
    });
}

}  // namespace

extern const Cell std_future_cells[] = {
    {"future-thread", in_threads, 1, 20000, 1},
    {"future-1000-threads", in_threads, 1, 20000, 1000},
    {"future-pool", in_pool, 1, 1000000, 1},
    {"future-10000", in_pool, 1, 2000000, 10000},
    BENCH_END,
};
