// Hooks by which a traced program tells about itself: make trace, make replay.
//
// A hook stands wherever something happens that a picture shows:
//
//     TRACED(receive(port, msg->data, msg->size, msg->port));
//
// It is a call of common_traced_receive when compiled with -DCOMMON_TRACE, and
// otherwise nothing: not even its arguments are looked at. TRACED_AS is a
// result, which a hook is told of before it is returned. The place of a hook in
// the code is the place of its event in the order: before other threads can see
// the change, and after a message or item was taken. The hooks make events
// (trace/events.h) in trace/record/; for a program that explore runs, explore
// does that. With -DCOMMON_DELAYS the thread may pause for a moment at a hook.

#ifndef TRACE_HOOKS_H
#define TRACE_HOOKS_H

#ifdef COMMON_TRACE
#define TRACED(hook) common_traced_##hook
#define TRACED_AS(hook, result, ...) common_traced_##hook(result, __VA_ARGS__)
#elif defined COMMON_DELAYS
#define TRACED(hook) common_delays_step()
#define TRACED_AS(hook, result, ...) (common_delays_step(), result)
#else
#define TRACED(hook) ((void)0)
#define TRACED_AS(hook, result, ...) (result)
#endif

#include <stdbool.h>
#include <stddef.h>

// common_traced_call and common_delays_step, for calls of the program and steps
// of the library.
#include "call_site.h"

// Objects are told apart by their addresses.
typedef struct Port Port;
typedef struct Future Future;
typedef struct Value Value;

// Threads. A thread's `id` is the address of the object that the library has
// for it; the threads of a pool have the pool's.

void common_traced_start_worker(const void *id, const char *name,
                                const Port *port, const Port *parent_port,
                                const void *data);
void common_traced_begin(const void *id);
void common_traced_end(void);
void common_traced_join(const void *id, int exit_code, const char *error);

// Tasks and futures. A task of a pool is sent to the pool's threads.

void common_traced_start_task(const Future *future);
void common_traced_start_in_pool(const void *pool, const Future *future);
void common_traced_run(const Future *future);
void common_traced_ran(void);
void common_traced_cancel(const Future *future);
void common_traced_settle(const Future *future, const Value *value);
void common_traced_await(Future *const futures[], size_t count,
                         const Future *one);
void common_traced_join_task(const Future *future);

void common_traced_start_pool_thread(const void *pool);
void common_traced_join_pool(const void *pool);

// Ports.

void common_traced_open(const Port *port1, const Port *port2);
void common_traced_post(const Port *port, const Port *peer, const void *data,
                        size_t size, const Port *moved);
void common_traced_posted(const Port *peer, bool refused);
void common_traced_refuse(const Port *port, bool refused, const char *text);
void common_traced_receive(const Port *port, const void *data, size_t size,
                           const Port *moved);
void common_traced_close(const Port *port);

// A word that threads sleep on; in the middle of the lock of its sleepers.

void common_traced_wait_for_notify(const void *word, bool equal);
void common_traced_notified(const void *word, bool notified);
void common_traced_notify(const void *word);
void common_traced_notify_nobody(const void *word, int woken);

// Maps. The last moment in a call is the one at which other threads see its
// change.

void common_traced_share_map(const void *map);
void common_traced_free_map(const void *map);
void common_traced_map_call(void);
void common_traced_map_moment(void);
void common_traced_add(const void *map, const void *key, size_t key_size,
                       long long amount, Value sum);
bool common_traced_set(bool stored, const void *map, const void *key,
                       size_t key_size, Value value);
void common_traced_map(const void *map, const char *what, const void *key,
                       size_t key_size, Value value);

// A queue. Its items are not told: the fast path has no place for a hook.
void common_traced_close_queue(const void *queue);

// Sleeping: first the reason, then the beginning, then the end. wait_for_end
// and wait_for_pool are also the beginning.

void common_traced_wait_for_end(const void *id);
void common_traced_wait_for_ports(Port *const ports[], size_t count);
void common_traced_wait_for_task(const Future *future);
void common_traced_wait_for_futures(Future *const futures[], size_t count,
                                    bool any);
void common_traced_wait_for_pool(const void *pool);
void common_traced_wait_for(const char *words, const void *queue);
void common_traced_falls_asleep(void);
void common_traced_wake(bool woken);

// The end of the program: all is written. died is for an end with a reason.
void common_traced_write(void);
void common_traced_died(const char *word);

#endif
