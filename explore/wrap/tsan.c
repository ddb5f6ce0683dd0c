// What the compiler calls for every access to memory and every atomic
// operation (-fsanitize=thread). The names and arguments are its own.

#include <stddef.h>
#include <stdint.h>

#include "model/history.h"
#include "model/shadow.h"
#include "schedule/steps.h"
#include "schedule/thread.h"
#include "wrap.h"

bool plain_points;

void __tsan_init(void)
{
}

// Before main there is one thread.
void __tsan_func_entry(const void *call)
{
    if (self != NULL && self->depth++ < MAX_CALLS)
        self->calls[self->depth - 1] = (const char *)call - 1;
}

void __tsan_func_exit(void)
{
    if (self != NULL)
        self->depth--;
}

static void note(void *address, size_t size, int kind, const void *place)
{
    if (self == NULL || size == 0)
        return;
    if (plain_points) {
        point_at(kind == READ ? "reads" : "writes", address, kind, place);
        if (kind == READ)
            steps_memory(address, size);
    }
    if (kind == READ)
        shadow_access(address, size, READ, place);
    else
        shadow_overwrite(address, size, place);
}

#define ACCESS(size)                                                           \
    void __tsan_read##size(void *address)                                      \
    {                                                                          \
        note(address, size, READ, CALLER);                                     \
    }                                                                          \
    void __tsan_write##size(void *address)                                     \
    {                                                                          \
        note(address, size, WRITE, CALLER);                                    \
    }                                                                          \
    void __tsan_unaligned_read##size(void *address)                            \
    {                                                                          \
        note(address, size, READ, CALLER);                                     \
    }                                                                          \
    void __tsan_unaligned_write##size(void *address)                           \
    {                                                                          \
        note(address, size, WRITE, CALLER);                                    \
    }                                                                          \
    void __tsan_volatile_read##size(void *address)                             \
    {                                                                          \
        note(address, size, READ, CALLER);                                     \
    }                                                                          \
    void __tsan_volatile_write##size(void *address)                            \
    {                                                                          \
        note(address, size, WRITE, CALLER);                                    \
    }                                                                          \
    void __tsan_read_write##size(void *address)                                \
    {                                                                          \
        note(address, size, READ, CALLER);                                     \
        note(address, size, WRITE, CALLER);                                    \
    }

ACCESS(1)
ACCESS(2)
ACCESS(4)
ACCESS(8)
ACCESS(16)

void __tsan_read_range(void *address, size_t size)
{
    note(address, size, READ, CALLER);
}

void __tsan_write_range(void *address, size_t size)
{
    note(address, size, WRITE, CALLER);
}

static uint64_t exchange(uint64_t old, uint64_t operand)
{
    (void)old;
    return operand;
}

static uint64_t add(uint64_t old, uint64_t operand)
{
    return old + operand;
}

static uint64_t sub(uint64_t old, uint64_t operand)
{
    return old - operand;
}

static uint64_t and (uint64_t old, uint64_t operand)
{
    return old & operand;
}

static uint64_t or (uint64_t old, uint64_t operand)
{
    return old | operand;
}

static uint64_t xor (uint64_t old, uint64_t operand) { return old ^ operand; }

    static uint64_t nand(uint64_t old, uint64_t operand)
{
    return ~(old & operand);
}

// Before main the order does not matter, and nobody looks on.
static uint64_t alone(uint64_t (*update)(uint64_t, uint64_t), uint64_t old,
                      uint64_t operand)
{
    return update(old, operand);
}

#define UPDATE(bits, type, name, update)                                       \
    type __tsan_atomic##bits##_##name(type *address, type operand, int order)  \
    {                                                                          \
        if (self == NULL) {                                                    \
            type old = *address;                                               \
            *address = (type)alone(update, old, operand);                      \
            return old;                                                        \
        }                                                                      \
        return (type)history_update(address, sizeof(type), update, operand,    \
                                    order & 7, CALLER);                        \
    }

#define COMPARE(bits, type, name, weak)                                        \
    int __tsan_atomic##bits##_compare_exchange_##name(type *address,           \
                                                      type *expected,          \
                                                      type desired, int order, \
                                                      int failure)             \
    {                                                                          \
        uint64_t seen = *expected;                                             \
        bool done =                                                            \
            history_compare_exchange(address, sizeof(type), &seen, desired,    \
                                     order & 7, failure & 7, weak, CALLER);    \
        if (!done)                                                             \
            *expected = (type)seen;                                            \
        return done;                                                           \
    }

#define ATOMICS(bits, type)                                                    \
    type __tsan_atomic##bits##_load(const type *address, int order)            \
    {                                                                          \
        if (self == NULL)                                                      \
            return *address;                                                   \
        return (type)history_load(address, sizeof(type), order & 7, CALLER);   \
    }                                                                          \
    void __tsan_atomic##bits##_store(type *address, type value, int order)     \
    {                                                                          \
        if (self == NULL)                                                      \
            *address = value;                                                  \
        else                                                                   \
            history_store(address, sizeof(type), value, order & 7, CALLER);    \
    }                                                                          \
    type __tsan_atomic##bits##_compare_exchange_val(type *address,             \
                                                    type expected,             \
                                                    type desired, int order,   \
                                                    int failure)               \
    {                                                                          \
        uint64_t seen = expected;                                              \
        history_compare_exchange(address, sizeof(type), &seen, desired,        \
                                 order & 7, failure & 7, false, CALLER);       \
        return (type)seen;                                                     \
    }                                                                          \
    UPDATE(bits, type, exchange, exchange)                                     \
    UPDATE(bits, type, fetch_add, add)                                         \
    UPDATE(bits, type, fetch_sub, sub)                                         \
    UPDATE(bits, type, fetch_and, and)                                         \
    UPDATE(bits, type, fetch_or, or)                                           \
    UPDATE(bits, type, fetch_xor, xor)                                         \
    UPDATE(bits, type, fetch_nand, nand)                                       \
    COMPARE(bits, type, strong, false)                                         \
    COMPARE(bits, type, weak, true)

ATOMICS(8, uint8_t)
ATOMICS(16, uint16_t)
ATOMICS(32, uint32_t)
ATOMICS(64, uint64_t)

void __tsan_atomic_thread_fence(int order)
{
    if (self != NULL)
        history_fence(order & 7, CALLER);
}

void __tsan_atomic_signal_fence(int order)
{
    (void)order;
}
