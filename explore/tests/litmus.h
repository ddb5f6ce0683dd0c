// Litmus tests (the field's small programs for memory models): two to four
// threads with a few operations each on x, y and z. They print the values that
// their loads returned, r[0] first. -DSTORE=release sets the order of stores.

#ifndef LITMUS_H
#define LITMUS_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

#ifndef STORE
#define STORE relaxed
#endif
#ifndef LOAD
#define LOAD relaxed
#endif
#ifndef FENCE
#define FENCE relaxed
#endif

#define ORDER_(order) memory_order_##order
#define ORDER(order) ORDER_(order)

atomic_int x, y, z;
int r[4];

#define SET(word, value) atomic_store_explicit(&(word), value, ORDER(STORE))
#define GET(word) atomic_load_explicit(&(word), ORDER(LOAD))
#define SET_RELAXED(word, value)                                               \
    atomic_store_explicit(&(word), value, memory_order_relaxed)
#define GET_RELAXED(word) atomic_load_explicit(&(word), memory_order_relaxed)
#define FENCE_HERE() atomic_thread_fence(ORDER(FENCE))

#define THREAD(name) static void *name(void *unused)
#define END                                                                    \
    (void)unused;                                                              \
    return NULL

static inline void run(void *(*const parts[])(void *), int count)
{
    pthread_t threads[4];
    for (int i = 0; i < count; i++)
        pthread_create(&threads[i], NULL, parts[i], NULL);
    for (int i = 0; i < count; i++)
        pthread_join(threads[i], NULL);
}

#define RUN(...)                                                               \
    run((void *(*const[])(void *)){ __VA_ARGS__ },                             \
        (int)(sizeof((void *[]){ __VA_ARGS__ }) / sizeof(void *)))

#endif
