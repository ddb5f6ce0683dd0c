// The names of the threads and things of a run, and the links of its messages:
// for record.c, between record_enter and record_leave.

#ifndef RECORD_NAMES_H
#define RECORD_NAMES_H

#include "trace_names.h"

#include <stdbool.h>
#include <stddef.h>

// A number that no pair of events has yet.
unsigned long names_link(void);

// Forgets all names and links: another run begins.
void names_forget(void);

// Lanes. A name that there is already gets a number.
unsigned lane_new(const void *id, const char *name);
unsigned lane_of(const void *id);    // the newest with this id, or 0
unsigned lane_next(const void *id);  // the first that has not begun, or 0
void lane_forget(unsigned lane);     // its id: another lane may get that
void lane_begin(unsigned lane);
bool lane_has_begun(unsigned lane);
const char *lane_name(unsigned lane);
void lane_end(unsigned lane);
bool lane_has_ended(unsigned lane);

// Things: ports and what else has an address. A name is that of the last call
// with it; "" if it has none.
void thing_named(const void *at, const char *name);
const char *thing_name(const void *thing);
void thing_is_port(const void *thing);
const char *port_name(const void *port);  // "" if it is no port
void thing_forget(const void *at);        // another thing has its address

// Messages to a thing are received in the order in which they were sent (FIFO).
unsigned long thing_send(const void *at);
void thing_unsend(const void *at, unsigned long link);
unsigned long thing_receive(const void *at);

// An event that others of this thing refer to; 0: none yet.
void thing_note(const void *thing, unsigned long number);
unsigned long thing_noted(const void *thing);

// An argument of a call, out of its words: of "port_post(&self->port,
// \"Hello\")" the argument 0 is "port", without & and self-> before it.
bool call_argument(const char *call, unsigned which, char *words, size_t size);

#endif
