// An order of a run's events that only depends on what happened, and not on how
// quick each thread was.

#ifndef ORDER_H
#define ORDER_H

#include "run.h"

// The places of all events, as an array to be freed. What makes something
// possible comes before it: what the lane did before, the post before its
// receive, a thread's end before its join. Calls to one map stay as they were.
// Among what is possible the lowest lane goes on, and goes on as long as it
// can. What a lane never returned from comes when nobody can go on.
size_t *order_of(const Run *run);

// For each EVENT_MAP the next one of the same map, or NO_EVENT; for all other
// events too. To be freed.
size_t *next_map_calls(const Run *run);

#endif
