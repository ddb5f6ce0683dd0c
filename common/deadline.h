// Points in time, until which a call waits at most.
//
//     Deadline soon = deadline_in_ms(250);
//     while (port_receive_until(port, &msg, soon) == WAIT_OK)
//         ...
//
// Deadlines are absolute, so that a loop of several waits sleeps no longer than
// until then: a relative time-out would start again with every turn. They are
// measured on the monotonic clock, so that setting the computer's clock moves
// none of them. A message, an item or a result that is already there is
// returned even when the deadline has passed; so a call with DEADLINE_NOW is a
// try: it never sleeps.
//
// In a signal handler: all calls may be made.

#ifndef COMMON_DEADLINE_H
#define COMMON_DEADLINE_H

#include <limits.h>
#include <stdbool.h>

#include "call_site.h"

COMMON_BEGIN_C

typedef struct Deadline {
    long long ns;  // nanoseconds on the monotonic clock
} Deadline;

#ifdef __cplusplus
#define DEADLINE_NOW (Deadline{ 0 })
#define DEADLINE_NEVER (Deadline{ LLONG_MAX })
#else
#define DEADLINE_NOW ((Deadline){ 0 })
#define DEADLINE_NEVER ((Deadline){ LLONG_MAX })
#endif

// The point in time this many milliseconds from now. A negative number has
// passed; a number that is too large to count is never.
Deadline deadline_in_ms(long long milliseconds);

// Nanoseconds on the monotonic clock: the value means nothing, a difference
// does.
long long deadline_now_ns(void);

// Nanoseconds from now to the deadline; 0 once it has passed.
long long deadline_remaining_ns(Deadline deadline);

// The result of a wait. The value that was waited for is set with WAIT_OK only.
typedef enum WaitResult {
    WAIT_OK,         // the value is here
    WAIT_CLOSED,     // the value will never come
    WAIT_TIMED_OUT,  // the deadline has passed, and the value was not here
    WAIT_NOT_EQUAL   // atomics_wait only: the word had another value
} WaitResult;

COMMON_END_C

#endif
