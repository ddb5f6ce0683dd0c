// ring_mend, on a ring whose positions and stamps are as other threads leave
// them when the process forks in the middle of their sends and receives.

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/die.h"
#include "queue/queue_ring.h"
#include "test.h"

typedef struct Model {
    Ring *ring;
    int capacity, head, tail;  // positions, counted from 0
} Model;

static _Atomic uint64_t *stamp_at(const Model *model, int position)
{
    size_t cell = (size_t)(position % model->capacity);
    return (void *)(model->ring->cells + cell * model->ring->cell_size);
}

static uint64_t free_stamp(const Model *model, int position)
{
    return 2 * (uint64_t)(position / model->capacity);
}

static void send(Ring *ring, int item, RingResult result)
{
    const int sent[2] = { item };  // gcc -flto sees a move of eight bytes
    CHECK_INT(ring_send(ring, sent), result);
}

static void receive(Ring *ring, int item, RingResult result)
{
    int received[2] = { -1 };  // gcc -flto sees a move of eight bytes
    CHECK_INT(ring_receive(ring, received), result);
    CHECK_INT(received[0], result == RING_DONE ? item : -1);
}

// Holds the numbers of its positions from head to tail.
static Model ring_at(int capacity, int head, int stored)
{
    size_t cells = ring_cells_size((size_t)capacity, sizeof(int));
    Model model = { must_calloc_aligned(sizeof(Ring) + cells + 256), capacity,
                    head, head + stored };
    ring_init(model.ring, (size_t)capacity, sizeof(int), model.ring + 1);
    for (int i = 0; i < head; i++) {
        send(model.ring, i, RING_DONE);
        receive(model.ring, i, RING_DONE);
    }
    for (int i = head; i < model.tail; i++)
        send(model.ring, i, RING_DONE);
    return model;
}

static void check_whole(Ring *ring, int capacity)
{
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < capacity; i++)
            send(ring, 100 + i, RING_DONE);
        send(ring, 99, RING_NOT_NOW);
        for (int i = 0; i < capacity; i++)
            receive(ring, 100 + i, RING_DONE);
        receive(ring, 0, RING_NOT_NOW);
        send(ring, 1, RING_DONE);
        receive(ring, 1, RING_DONE);
    }
}

// `busy` has a bit for each cell, from the head on: the thread that claimed it
// last has not stamped it.
static void check_state(int capacity, int head, int stored, unsigned busy,
                        bool exchanged)
{
    Model model = ring_at(capacity, head, stored);
    int left[8], count = 0;
    for (int i = 0; i < capacity; i++) {
        bool is_busy = busy >> i & 1;
        int position = head + i;
        _Atomic uint64_t *stamp = stamp_at(&model, position);
        if (i < stored && is_busy)
            atomic_store(stamp, free_stamp(&model, position));
        else if (i < stored)
            left[count++] = position;
        else if (is_busy && position >= capacity)
            atomic_store(stamp, free_stamp(&model, position) - 1);
    }
    // Of a full ring, the cell that ring_exchange has received from and sent
    // to, before it moves the tail.
    if (exchanged && stored == capacity - 1 && head > 0)
        atomic_store(stamp_at(&model, model.tail),
                     free_stamp(&model, model.tail) + 1);
    ring_mend(model.ring);
    CHECK_INT((long long)ring_stored(model.ring), count);
    for (int i = 0; i < count; i++)
        receive(model.ring, left[i], RING_DONE);
    receive(model.ring, 0, RING_NOT_NOW);
    check_whole(model.ring, capacity);
    free_aligned(model.ring);
}

TEST(half_done, "half-done operations go, in every state of up to 5 cells")
{
    for (int capacity = 1; capacity <= 5; capacity++)
        for (int head = 0; head <= 3 * capacity; head++)
            for (int stored = 0; stored <= capacity; stored++)
                for (unsigned busy = 0; busy < 1U << capacity; busy++)
                    for (int exchanged = 0; exchanged < 2; exchanged++)
                        check_state(capacity, head, stored, busy, exchanged);
}

TEST(flags, "a closed ring stays closed, also when items go")
{
    for (int capacity = 1; capacity <= 3; capacity++) {
        Model model = ring_at(capacity, 4, capacity);
        CHECK(ring_close(model.ring));
        atomic_fetch_or(&model.ring->head, RING_WAITED_FOR);
        atomic_store(stamp_at(&model, 4), free_stamp(&model, 4));
        ring_mend(model.ring);
        CHECK(ring_is_closed(model.ring));
        CHECK(atomic_load(&model.ring->head) & RING_WAITED_FOR);
        CHECK_INT((long long)ring_stored(model.ring), capacity - 1);
        free_aligned(model.ring);
    }
}

static char *pages(size_t size)
{
    char *memory = mmap(NULL, size, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    CHECK(memory != MAP_FAILED);
    return memory;
}

// A child copies each page that it writes to.
TEST(reads, "a ring in which nothing is half done is only read")
{
    for (int head = 0; head < 9; head++)
        for (int stored = 0; stored <= 3; stored++) {
            Model model = ring_at(3, head, stored);
            size_t size = sizeof(Ring) + 3 * model.ring->cell_size;
            char *memory = pages(4096);
            Ring *ring = memcpy(memory, model.ring, size);
            ring->cells = (char *)(ring + 1);
            CHECK_INT(mprotect(memory, 4096, PROT_READ), 0);
            ring_mend(ring);
            CHECK_INT((long long)ring_stored(ring), stored);
            munmap(memory, 4096);
            free_aligned(model.ring);
        }
}

TEST(fresh, "cells that no item has reached yet are not even read")
{
    const size_t page = (size_t)sysconf(_SC_PAGESIZE), size = 1024 * page;
    char *memory = pages(size);
    Ring ring = { .capacity = 0 };
    ring_init(&ring, size / ring_cells_size(1, sizeof(int)), sizeof(int),
              memory);
    for (int i = 0; i < 10; i++)
        send(&ring, i, RING_DONE);
    receive(&ring, 0, RING_DONE);
    CHECK_INT(mprotect(memory + page, size - page, PROT_NONE), 0);
    ring_mend(&ring);
    receive(&ring, 1, RING_DONE);
    CHECK_INT((long long)ring_stored(&ring), 8);
    munmap(memory, size);
}
