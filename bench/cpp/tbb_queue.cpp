// concurrent_bounded_queue. It cannot be closed: a number that is no item tells
// a receiver that no more will come. It has no capacity 0, and no select.

#include <oneapi/tbb/concurrent_queue.h>

#include <atomic>

#include "bench.h"

namespace {

using Queue = oneapi::tbb::concurrent_bounded_queue<std::uint64_t>;

constexpr long long capacity = 1024;
constexpr std::uint64_t end = UINT64_MAX;

struct Crowd {
    Queue queue;
    int senders;
    long long each;
    std::atomic<int> still_sending;
    std::atomic<std::uint64_t> sum{0};
};

void send_items(Crowd &crowd)
{
    for (long long i = 0; i < crowd.each; i++)
        crowd.queue.push(i);
    if (--crowd.still_sending == 0)
        for (int receiver = 0; receiver < crowd.senders; receiver++)
            crowd.queue.push(end);
}

void receive_items(Crowd &crowd)
{
    std::uint64_t item, sum = 0;
    for (crowd.queue.pop(item); item != end; crowd.queue.pop(item))
        sum += item;
    crowd.sum += sum;
}

void take_part(void *context, int index)
{
    Crowd &crowd = *static_cast<Crowd *>(context);
    if (index < crowd.senders)
        send_items(crowd);
    else
        receive_items(crowd);
}

double many_to_many(const Cell *cell)
{
    Crowd crowd;
    crowd.senders = cell->threads / 2;
    crowd.each = cell->count / crowd.senders;
    crowd.still_sending = crowd.senders;
    crowd.queue.set_capacity(capacity);
    long long ns = bench_threads(cell->threads, take_part, &crowd);
    bench_check(crowd.sum == bench_sum(crowd.each) * crowd.senders,
                "the sum is wrong");
    return double(ns) / double(crowd.each * crowd.senders);
}

double solo(const Cell *cell)
{
    Queue queue;
    queue.set_capacity(capacity);
    std::uint64_t item, sum = 0;
    long long start = bench_now();
    for (long long i = 0; i < cell->count; i++) {
        queue.push(i);
        queue.pop(item);
        sum += item;
    }
    long long ns = bench_now() - start;
    bench_check(sum == bench_sum(cell->count), "the sum is wrong");
    return double(ns) / double(cell->count);
}

struct Rally {
    Queue there, back;
    long long rounds;
    std::uint64_t sum = 0;
};

void play(void *context, int index)
{
    Rally &rally = *static_cast<Rally *>(context);
    std::uint64_t ball;
    for (long long i = 0; i < rally.rounds; i++) {
        if (index == 0) {
            rally.there.push(i);
            rally.back.pop(ball);
            rally.sum += ball;
        } else {
            rally.there.pop(ball);
            rally.back.push(ball + 1);
        }
    }
}

double pingpong(const Cell *cell)
{
    Rally rally;
    rally.there.set_capacity(1);
    rally.back.set_capacity(1);
    rally.rounds = cell->count;
    long long ns = bench_threads(2, play, &rally);
    bench_check(rally.sum == bench_sum(cell->count + 1), "the sum is wrong");
    return double(ns) / double(cell->count);
}

}  // namespace

extern const Cell tbb_queue_cells[] = {
    {"queue-1:1", many_to_many, 2, 20000000, 0},
    {"queue-2:2", many_to_many, 4, 20000000, 0},
    {"queue-4:4", many_to_many, 8, 20000000, 0},
    {"queue-8:8", many_to_many, 16, 20000000, 0},
    {"queue-solo", solo, 1, 20000000, 0},
    {"pingpong", pingpong, 2, 1000000, 0},
    BENCH_END,
};
