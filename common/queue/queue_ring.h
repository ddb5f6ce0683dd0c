// A ring of cells, for any number of senders and receivers, without a lock.
// After D. Vyukov's bounded queue: every cell has a stamp that says whose turn
// it is, so that senders and receivers meet at the cell and nowhere else.
//
// In the lap 0, 1, 2 ... around the ring a cell's stamp goes 0: free, 1: full,
// 2: free, 3: full ... A sender claims the cell at the tail, if its stamp says
// free in this lap, by moving the tail on; then the cell is the sender's alone
// until it stores the next stamp. Receivers do the same at the head.
//
// The tail and the head carry flags. An operation must change one of the two
// anyway, by compare-and-swap, and that fails when a flag has come up: so
// nobody can miss one, and no operation succeeds behind it. Flags change under
// a lock of the caller's (queue.c), and who finds one asks there.

#ifndef QUEUE_RING_H
#define QUEUE_RING_H

#include "base/names.h"

#include <stdalign.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

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
    unsigned lap_bits;   // a position's lap is what stands above these bits;
    uint64_t below_lap;  // below stand the cell's number and the flags
    uint64_t next_lap;  // from the last cell's position to the next lap's first
    char *cells;

    // Where the next item goes, and where the oldest item is; each with flags.
    // What senders change, what receivers change and what no thread changes
    // lies on lines of its own.
    alignas(CACHE_LINE_PAIR) _Atomic uint64_t tail;
    alignas(CACHE_LINE_PAIR) _Atomic uint64_t head;
} Ring;

typedef enum RingResult {
    RING_DONE,
    RING_NOT_NOW,  // full or empty, or the next cell is being emptied or filled
    RING_TAKE_LOCK  // a flag is up
} RingResult;

// How many bytes so many cells take; 0 when they are too many.
size_t ring_cells_size(size_t capacity, size_t item_size);

// Sets up a ring of which all else is zeros, like its cells. Without cells all
// operations ask.
void ring_init(Ring *ring, size_t capacity, size_t item_size, char *cells);

RingResult ring_send(Ring *ring, const void *item);
RingResult ring_receive(Ring *ring, void *item);

// How many items are stored, counting those that are just being copied.
size_t ring_stored(Ring *ring);

bool ring_is_closed(Ring *ring);

// The rest is called with the caller's lock held.

// Raises the flag: from here on senders, or receivers, ask.
void ring_block_senders(Ring *ring);
void ring_make_receivers_ask(Ring *ring);
void ring_unblock_senders(Ring *ring);
void ring_let_receivers_go_on(Ring *ring);

// Returns whether it was open.
bool ring_close(Ring *ring);

// Of a full ring whose receivers ask: receives one item, and sends another in
// its place, so that nobody can get in between.
void ring_exchange(Ring *ring, void *received, const void *sent);

static inline void ring_copy(const Ring *ring, void *to, const void *from)
{
    if (ring->item_size == sizeof(uint64_t))
        memcpy(to, from, sizeof(uint64_t));  // known size: one move
    else if (ring->item_size > 0)
        memcpy(to, from, ring->item_size);
}

#endif
