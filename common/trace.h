// What a traced program tells about itself: make trace, and make replay.
//
// A hook stands wherever something happens that a picture shows:
//
//     TRACED(receive(port, msg->data, msg->size, msg->port));
//
// It is a call of traced_receive when compiled with -DTRACE, and otherwise
// nothing: not even its arguments are looked at. Where a hook stands in the
// code is where the event stands in the order: before what others can know of
// is published, and after it was taken. What is told becomes events
// (trace/events.h) in trace/record.c; for a program that explore runs, explore
// does that.

#ifndef COMMON_TRACE_H
#define COMMON_TRACE_H

#ifdef TRACE
#define TRACED(hook) traced_##hook
#else
#define TRACED(hook) ((void)0)
#endif

#include <stdbool.h>
#include <stddef.h>

// Things are told apart by their addresses.
typedef struct Port Port;

// The program calls the library: where, and in which words. The first argument
// is what it calls the thing that it calls us with.
void traced_call(const char *place, const char *words);

// Threads. A thread's `id` is the address of whatever the library knows it by.

void traced_start_worker(const void *id, const char *name, const Port *port,
                         const Port *parent_port, const void *data);
void traced_begin(const void *id);
void traced_end(const void *id);
void traced_join(const void *id, int exit_code, const char *error);

// Ports.

void traced_open(const Port *port1, const Port *port2);
void traced_post(const Port *port, const Port *peer, const void *data,
                 size_t size, const Port *moved);
void traced_posted(const Port *peer, bool refused);
void traced_refuse(const Port *port, bool refused, const char *text);
void traced_receive(const Port *port, const void *data, size_t size,
                    const Port *moved);
void traced_close(const Port *port);

// Sleeping. First for what, then that it begins, then that it is over.

void traced_wait_for_end(const void *id);
void traced_wait_for_ports(Port *const ports[], size_t count);
void traced_sleep(void);
void traced_wake(bool woken);

// The end of the program: all is written. died is for one that ends with a word
// about why.
void traced_write(void);
void traced_died(const char *word);

#endif
