// The driver for Boost's ring for one sender and one receiver. It cannot wait:
// whoever finds it full or empty tries again, and lets others run in between.
// So it is no peer of a queue at which threads sleep, and shows what is left
// when a queue gives up waiting, closing, and more than one thread a side.

#include <boost/lockfree/spsc_queue.hpp>
#include <thread>

#include "bench.h"

namespace {

constexpr int patience = 100;  // tries before others may run

class Ring {
public:
    explicit Ring(std::size_t capacity) : ring_(capacity)
    {
    }

    void send(std::uint64_t item)
    {
        again_until([&] { return ring_.push(item); });
    }

    std::uint64_t receive()
    {
        std::uint64_t item;
        again_until([&] { return ring_.pop(item); });
        return item;
    }

private:
    template <typename Try>
    void again_until(Try done)
    {
        for (int tries = 1; !done(); tries++)
            if (tries % patience == 0)
                std::this_thread::yield();
    }

    boost::lockfree::spsc_queue<std::uint64_t> ring_;
};

struct Line {
    Ring there, back;
    long long count;
    std::uint64_t sum = 0;
};

void send_and_receive(void *context, int index)
{
    Line &line = *static_cast<Line *>(context);
    for (long long i = 0; i < line.count; i++) {
        if (index == 0)
            line.there.send(i);
        else
            line.sum += line.there.receive();
    }
}

void play(void *context, int index)
{
    Line &line = *static_cast<Line *>(context);
    for (long long i = 0; i < line.count; i++) {
        if (index == 0) {
            line.there.send(i);
            line.sum += line.back.receive();
        } else {
            line.back.send(line.there.receive());
        }
    }
}

void send_and_receive_alone(Line &line)
{
    for (long long i = 0; i < line.count; i++) {
        line.there.send(i);
        line.sum += line.there.receive();
    }
}

double measure(const Cell *cell, void (*body)(void *, int))
{
    std::size_t capacity = cell->detail;
    Line line{Ring(capacity), Ring(capacity), cell->count};
    long long ns;
    if (body != nullptr) {
        ns = bench_threads(cell->threads, body, &line);
    } else {
        long long start = bench_now();
        send_and_receive_alone(line);
        ns = bench_now() - start;
    }
    bench_check(line.sum == bench_sum(cell->count), "the sum is wrong");
    return double(ns) / double(cell->count);
}

double one_to_one(const Cell *cell)
{
    return measure(cell, send_and_receive);
}

double solo(const Cell *cell)
{
    return measure(cell, nullptr);
}

double pingpong(const Cell *cell)
{
    return measure(cell, play);
}

const Cell boost_cells[] = {
    {"queue-1:1", one_to_one, 2, 100000000, 1024},
    {"queue-solo", solo, 1, 100000000, 1024},
    {"pingpong", pingpong, 2, 1000000, 1},
    BENCH_END,
};

}  // namespace

int main(int argc, char **argv)
{
    const Cell *const tables[] = {boost_cells, nullptr};
    return bench_main(argc, argv, tables);
}
