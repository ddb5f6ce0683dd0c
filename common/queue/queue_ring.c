// A bounded MPMC queue after Dmitry Vyukov. Read plain/plain_queue.c first;
// this does the same without a lock, because each cell has a stamp: senders and
// receivers meet at a cell and nowhere else. The invariant: from the claim of a
// cell to its next stamp one thread alone uses the cell. That is not lock-free
// in the strict sense (queue_ring.h).
#include "base/base.h"

#include "queue_ring.h"

#include "os/spin.h"

typedef struct Cell {
    alignas(8) _Atomic uint64_t stamp;  // 2 * lap: free, 2 * lap + 1: full
    char item[];
} Cell;

enum { ONE = 1 << RING_FLAG_BITS };  // from one position to the next

size_t ring_cells_size(size_t capacity, size_t item_size)
{
    const size_t most = (size_t)PTRDIFF_MAX / 2;
    if (item_size > most || item_size == 0 || capacity == 0)
        return 0;
    size_t unit = sizeof(Cell);
    size_t cell = sizeof(Cell) + (item_size + unit - 1) / unit * unit;
    return capacity > most / cell ? 0 : capacity * cell;
}

void ring_init(Ring *ring, size_t capacity, size_t item_size, void *cells)
{
    ring->capacity = capacity;
    ring->item_size = item_size;
    ring->cells = cells;
    if (cells == NULL) {
        atomic_init(&ring->tail, RING_WAITED_FOR);
        atomic_init(&ring->head, RING_WAITED_FOR);
        return;
    }
    ring->cell_size = ring_cells_size(1, item_size);
    uint64_t lap = 1;
    ring->lap_bits = RING_FLAG_BITS;
    for (; lap < capacity; lap *= 2)
        ring->lap_bits++;
    ring->below_lap = lap * ONE - 1;
    ring->next_lap = (lap - (capacity - 1)) * ONE;
}

// Positions.

static uint64_t lap_of(const Ring *ring, uint64_t position)
{
    return position >> ring->lap_bits;
}

static size_t number_of(const Ring *ring, uint64_t position)
{
    return (size_t)((position & ring->below_lap) >> RING_FLAG_BITS);
}

static Cell *cell_at(const Ring *ring, uint64_t position)
{
    return (Cell *)(ring->cells + number_of(ring, position) * ring->cell_size);
}

// From a position to the next one. Flags stay as they are when it is added.
static uint64_t step_from(const Ring *ring, uint64_t position)
{
    bool last = number_of(ring, position) + 1 == ring->capacity;
    return last ? ring->next_lap : ONE;
}

// Cells.

// The stamps order all uses of a cell (happens-before). The thread that is done
// with a cell stores the next stamp with release, the next user loads it with
// acquire: so the next user sees all that the first did to the item.
static uint64_t stamp_of(const Cell *cell)
{
    return atomic_load_explicit(&cell->stamp, memory_order_acquire);
}

static void hand_on(Cell *cell, uint64_t stamp)
{
    atomic_store_explicit(&cell->stamp, stamp, memory_order_release);
}

// Claims the cell at *end, the head or the tail, if it is full or free as it
// must be in this lap: a compare-and-swap loop. Then no other thread touches
// the cell until *stamp is handed on.
//
// The positions order nothing in the cells, so relaxed loads suffice. But they
// are moved, and looked at where that decides that an operation is impossible
// (ring_stored), with sequential consistency: of two threads that each send to
// one queue and then look into the other's queue, at least one finds an item.
static inline RingResult claim(const Ring *ring, _Atomic uint64_t *end,
                               unsigned full, Cell **cell, uint64_t *stamp)
{
    uint64_t position = atomic_load_explicit(end, memory_order_relaxed);
    for (;;) {
        if (position & RING_FLAGS)
            return RING_TAKE_LOCK;
        uint64_t wanted = 2 * lap_of(ring, position) + full;
        *cell = cell_at(ring, position);
        *stamp = wanted + 1;
        if (stamp_of(*cell) == wanted) {
            if (atomic_compare_exchange_weak_explicit(
                    end, &position, position + step_from(ring, position),
                    memory_order_seq_cst, memory_order_relaxed))
                return RING_DONE;
        } else {
            uint64_t before = position;
            position = atomic_load_explicit(end, memory_order_relaxed);
            if (position == before)
                return RING_NOT_NOW;
        }
    }
}

RingResult ring_send(Ring *ring, const void *item)
{
    Cell *cell;
    uint64_t stamp;
    RingResult result = claim(ring, &ring->tail, 0, &cell, &stamp);
    if (result == RING_DONE) {
        ring_copy(ring, cell->item, item);
        hand_on(cell, stamp);
    }
    return result;
}

// The receiver both reads and writes what the sender has just written. So it
// fetches the cache line after the next one early, and for itself alone.
// Measured: with many full cells ahead that saves a third of its time.
RingResult ring_receive(Ring *ring, void *item)
{
    enum { AHEAD = 128, TO_WRITE = 1 };  // bytes
    Cell *cell;
    uint64_t stamp;
    RingResult result = claim(ring, &ring->head, 1, &cell, &stamp);
    if (result == RING_DONE) {
        ring_copy(ring, item, cell->item);
        __builtin_prefetch((const char *)cell + AHEAD, TO_WRITE);
        hand_on(cell, stamp);
    }
    return result;
}

// The tail only grows: when it was the same before and after the look at the
// head, both had these values at that moment. Sequentially consistent: claim
// says why.
size_t ring_stored(Ring *ring)
{
    uint64_t tail = atomic_load(&ring->tail), head, before;
    do {
        before = tail;
        head = atomic_load(&ring->head);
        tail = atomic_load(&ring->tail);
    } while (tail != before);
    uint64_t laps = lap_of(ring, tail) - lap_of(ring, head);
    return (size_t)laps * ring->capacity + number_of(ring, tail) -
           number_of(ring, head);
}

// Sequentially consistent: a queue's closing has one place among all
// operations.
bool ring_close(Ring *ring)
{
    return !(atomic_fetch_or(&ring->tail, RING_CLOSED) & RING_CLOSED);
}

// Relaxed: receivers are blocked, so the head does not move.
bool ring_oldest_is_whole(Ring *ring)
{
    uint64_t head = atomic_load_explicit(&ring->head, memory_order_relaxed);
    unsigned turns = 0;
    while (stamp_of(cell_at(ring, head)) != 2 * lap_of(ring, head) + 1 &&
           turns < SPIN_TURNS)
        spin_yield(&turns);
    return turns < SPIN_TURNS;
}

// The head does not move, because receivers are blocked. The tail does not move
// either, because the one cell that it could claim goes from full to full. So
// relaxed loads suffice: the lock ordered this after the last move.
void ring_exchange(Ring *ring, void *received, const void *sent)
{
    uint64_t head = atomic_load_explicit(&ring->head, memory_order_relaxed);
    uint64_t tail = atomic_load_explicit(&ring->tail, memory_order_relaxed);
    uint64_t full = 2 * lap_of(ring, head) + 1;
    Cell *cell = cell_at(ring, head);
    ring_copy(ring, received, cell->item);
    // A send and a receive: sequentially consistent as in claim. The head moves
    // before the old item is overwritten: in a child of fork (ring_mend) an
    // item between the positions is whole. The flag keeps receivers out until
    // the lock is released, and the stamp keeps senders out until the tail
    // moves.
    atomic_fetch_add(&ring->head, step_from(ring, head));
    ring_copy(ring, cell->item, sent);
    hand_on(cell, full + 2);
    atomic_fetch_add(&ring->tail, step_from(ring, tail));
}

// In a child of fork: removes what the parent's other threads left half done.
//
// A position from head to tail was claimed by a sender. If its cell is not
// stamped full, the sender had not finished: it is skipped, and later items
// move up. All other cells are free in their next lap. If such a cell is not
// stamped so, a receiver had claimed its item: the item is the parent's.
//
// Only what is wrong is written, so the child copies no page of a queue at
// rest. Cells that no lap has reached yet are not even read.
void ring_mend(Ring *ring)
{
    if (ring->cells == NULL)
        return;
    uint64_t flagged = atomic_load_explicit(&ring->tail, memory_order_relaxed);
    uint64_t head = atomic_load_explicit(&ring->head, memory_order_relaxed);
    uint64_t tail = flagged & ~(uint64_t)RING_FLAGS, from, to;
    from = to = head & ~(uint64_t)RING_FLAGS;
    uint64_t lap = (uint64_t)1 << ring->lap_bits, end = to + lap;
    for (; from != tail; from += step_from(ring, from)) {
        Cell *cell = cell_at(ring, from), *place = cell_at(ring, to);
        if (stamp_of(cell) != 2 * lap_of(ring, from) + 1)
            continue;
        if (place != cell) {
            ring_copy(ring, place->item, cell->item);
            hand_on(place, 2 * lap_of(ring, to) + 1);
        }
        to += step_from(ring, to);
    }
    if (to != tail)
        atomic_store(&ring->tail, to | (flagged & RING_FLAGS));
    while (to != end) {
        Cell *cell = cell_at(ring, to);
        bool fresh = to >= tail && to < lap;
        if (!fresh && stamp_of(cell) != 2 * lap_of(ring, to))
            hand_on(cell, 2 * lap_of(ring, to));
        to = fresh ? lap : to + step_from(ring, to);
    }
}
