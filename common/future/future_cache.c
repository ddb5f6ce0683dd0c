// Free lists of futures: a thread keeps memory that it frees for the futures
// that it will start. They come in great numbers, and mostly one thread starts
// and joins a future. So no lock is needed, and none of what a list for all
// threads would need (a Treiber stack, and a way around the ABA problem).
#include "base/base.h"

#include <pthread.h>

#include "future_internal.h"

// Nothing is kept where a tool is to find the use of freed memory.
#if defined(__SANITIZE_ADDRESS__) || defined(FEW_TRIES)
#define KEEP 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define KEEP 0
#endif
#endif
#ifndef KEEP
#define KEEP 1
#endif

enum {
    SIZES = 4,           // lists: for arguments of up to 8, 24, 40, 56 bytes
    STEP = 16,           // bytes from one size to the next
    MOST = 16384 * KEEP  // futures, less than two megabytes
};

typedef struct Spare {
    struct Spare *next;
} Spare;

// The thread's own: no other thread looks at them.
static _Thread_local struct {
    Spare *first[SIZES];
    unsigned count;
    bool ends;  // the key is set: the end of the thread will free them
} spares;

static pthread_key_t at_thread_end;

static void free_spares(void *unused)
{
    (void)unused;
    for (int i = 0; i < SIZES; i++) {
        while (spares.first[i]) {
            Spare *spare = spares.first[i];
            spares.first[i] = spare->next;
            free(spare);
        }
    }
    spares.count = 0;
    spares.ends = false;
}

// Before main, and not by pthread_once: a child that was forked in the middle
// of that may wait for it forever (musl).
__attribute__((constructor)) static void create_key(void)
{
    if (KEEP)
        must(pthread_key_create(&at_thread_end, free_spares));
}

static size_t size_number(size_t size)
{
    return size > STEP / 2 ? (size - STEP / 2 - 1) / STEP + 1 : 0;
}

Future *future_allocate(size_t size)
{
    size_t number = size_number(size);
    if (number >= SIZES)
        return must_malloc(size_sum(sizeof(Future), size));
    Spare *spare = spares.first[number];
    if (spare == NULL)
        return must_malloc(sizeof(Future) + number * STEP + STEP / 2);
    spares.first[number] = spare->next;
    spares.count--;
    return (Future *)spare;
}

void future_free(Future *future)
{
    size_t number = size_number(future->size);
    if (number >= SIZES || spares.count == MOST) {
        free(future);
        return;
    }
    if (!spares.ends) {
        must(pthread_setspecific(at_thread_end, &spares));
        spares.ends = true;
    }
    Spare *spare = (Spare *)future;
    spare->next = spares.first[number];
    spares.first[number] = spare;
    spares.count++;
}
