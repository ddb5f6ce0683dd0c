// A bounded MPMC queue of cells (many producers, many consumers), after Dmitry
// Vyukov (1024cores.net). No thread takes a lock: each cell has a stamp that
// says whether it is free or full, and in which lap around the ring.
//
// In the laps 0, 1, 2 ... a cell's stamp goes 0: free, 1: full, 2: free, 3:
// full ... A sender whose stamp says free in this lap claims the cell at the
// tail: it moves the tail on by compare-and-swap. Then the cell belongs to that
// sender alone until it stores the next stamp. Receivers do the same at the
// head. The compare-and-swap is the linearization point of a send or a receive.
//
// No ABA problem: a position has its lap in it, so no position and no stamp
// ever comes back, and a late compare-and-swap fails.
//
// The ring is not lock-free in the strict sense: a thread that is stopped
// between its claim and its stamp holds up the next user of that cell. All
// other cells can still be used.
//
// Flags against lost wake-ups: the tail and the head carry flags beside their
// position. Every operation must change one of the two anyway, by
// compare-and-swap, and that fails when a flag has come up. So no operation can
// miss a flag, and no stand-alone memory barrier (fence) is needed. Flags
// change under the lock of the ring's owner (queue.c); an operation that meets
// a flag continues with that lock.

#ifndef QUEUE_RING_H
#define QUEUE_RING_H

#include "base/names.h"

#include "base/cache_line.h"

enum {
    RING_WAITED_FOR = 1,  // in the tail: receivers wait; in the head: senders
    RING_CLOSED = 2,      // in the tail
    RING_FLAGS = 3,
    RING_FLAG_BITS = 2
};

typedef struct Ring {
    size_t capacity;     // cells
    size_t item_size;    // bytes
    size_t cell_size;    // bytes
    unsigned lap_bits;   // a position's lap stands above these bits;
    uint64_t below_lap;  // below stand the cell's number and the flags
    uint64_t next_lap;  // from the last cell's position to the next lap's first
    char *cells;

    // The positions of the next item and of the oldest item, each with flags.
    // Against false sharing, three kinds of data lie on cache lines of their
    // own: what senders change, what receivers change, what no thread changes.
    alignas(CACHE_LINE_PAIR) _Atomic uint64_t tail;
    alignas(CACHE_LINE_PAIR) _Atomic uint64_t head;
} Ring;

typedef enum RingResult {
    RING_DONE,
    RING_NOT_NOW,  // full or empty, or the next cell is being emptied or filled
    RING_TAKE_LOCK  // a flag is up
} RingResult;

// The bytes of that many cells. 0: there are none, or they are too many.
size_t ring_cells_size(size_t capacity, size_t item_size);

// Sets up a ring that is all zeros, as are its cells. Without cells all
// operations take the lock.
void ring_init(Ring *ring, size_t capacity, size_t item_size, void *cells);

RingResult ring_send(Ring *ring, const void *item);
RingResult ring_receive(Ring *ring, void *item);

// The number of stored items, with those that are just being copied.
size_t ring_stored(Ring *ring);

static inline bool ring_is_closed(Ring *ring)
{
    return atomic_load(&ring->tail) & RING_CLOSED;
}

// The rest is called with the owner's lock, under which the owner also raises
// and lowers RING_WAITED_FOR (queue_operation.c).

// Returns whether the ring was open.
bool ring_close(Ring *ring);

// Of a full ring whose receivers are blocked. The oldest item may still be on
// its way into its cell; its sender holds no lock, so as a rule the item
// arrives soon. Waits for it, and returns false after SPIN_TURNS.
bool ring_oldest_is_whole(Ring *ring);

// Of such a ring, when that has returned true: receives one item and sends
// another in its place, so that no thread can come in between.
void ring_exchange(Ring *ring, void *received, const void *sent);

static inline void ring_copy(const Ring *ring, void *to, const void *from)
{
    if (ring->item_size == sizeof(uint64_t))
        memcpy(to, from, sizeof(uint64_t));  // known size: one move
    else if (ring->item_size > 0)
        memcpy(to, from, ring->item_size);
}

#endif
