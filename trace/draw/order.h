// Another total order of a run's events, one that depends only on
// happens-before and not on how quick each thread was.

#ifndef ORDER_H
#define ORDER_H

#include "run.h"

// A topological sort: the positions of all events, as an array to be freed. An
// event comes after each event that it depends on:
//
//   - the event before it in its lane,
//   - the first half of its pair: a receive after its post, a join after the
//   end,
//   - the call to the same map before it, so that those stay in their order.
//
// Of several lanes that can go on, the lowest one does, as long as it can. A
// wait that never ended comes when no other lane can go on.
size_t *order_of(const Run *run);

// The chains of all lanes: `first` gets each lane's first event, and `next`
// each event's next one in the same lane, or NO_EVENT. The caller has the
// arrays, of run->lane_count and run->count places.
void chain_lanes(const Run *run, size_t *first, size_t *next);

// For each EVENT_MAP the next one of the same map, or NO_EVENT; for all other
// events too. To be freed.
size_t *next_map_calls(const Run *run);

#endif
