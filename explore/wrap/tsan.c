// Compiler instrumentation: the functions that code compiled with
// -fsanitize=thread calls before every access to memory and in place of every
// atomic operation.
//
// gcc and clang define their names and arguments, for the ThreadSanitizer's
// runtime. This file takes the place of that runtime: an access goes to the
// race detector (model/shadow.h), an atomic operation to the C11 memory model
// (model/atomic_ops.h). Code that was not compiled so is invisible, which is
// why the other files of this room stand in for functions of the C library.

#include <stddef.h>
#include <stdint.h>

#include "model/atomic_ops.h"
#include "model/shadow.h"
#include "schedule/steps.h"
#include "schedule/thread.h"
#include "wrap.h"

bool plain_points;

void __tsan_init(void)
{
}

// The shadow call stack. The argument is a return address; the call itself lies
// before it. Constructors run before there are threads, hence self == NULL. The
// depth counts on beyond MAX_CALLS, so that the exits match.
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

// A plain access is no scheduling point: if its order with another thread's
// access mattered that would be a data race, and the race is reported anyway.
// Option --plain makes it one, to show what the race does to the output.
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

#define READS(name, size)                                                      \
    void __tsan_##name##size(void *address)                                    \
    {                                                                          \
        note(address, size, READ, CALLER);                                     \
    }

#define WRITES(name, size)                                                     \
    void __tsan_##name##size(void *address)                                    \
    {                                                                          \
        note(address, size, WRITE, CALLER);                                    \
    }

#define ACCESS(size)                                                           \
    READS(read, size)                                                          \
    READS(unaligned_read, size)                                                \
    READS(volatile_read, size)                                                 \
    WRITES(write, size)                                                        \
    WRITES(unaligned_write, size)                                              \
    WRITES(volatile_write, size)                                               \
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

// The read-modify-write operations. Their names begin with bit_ because `and`,
// `or` and `xor` are operators in C++ and macros of <iso646.h>.
#define OPERATION(name, result)                                                \
    static uint64_t name(uint64_t old, uint64_t operand)                       \
    {                                                                          \
        (void)old;                                                             \
        return result;                                                         \
    }

OPERATION(exchange, operand)
OPERATION(add, old + operand)
OPERATION(subtract, old - operand)
OPERATION(bit_and, (old & operand))
OPERATION(bit_or, old | operand)
OPERATION(bit_xor, old ^ operand)
OPERATION(bit_nand, ~old | ~operand)

// Below, `order & 7` drops the flags that gcc adds for hardware lock elision.
// In a constructor there is one thread, so an operation is done at once.
#define UPDATE(bits, type, name, update)                                       \
    type __tsan_atomic##bits##_##name(type *address, type operand, int order)  \
    {                                                                          \
        if (self == NULL) {                                                    \
            type old = *address;                                               \
            *address = (type)update(old, operand);                             \
            return old;                                                        \
        }                                                                      \
        return (type)atomic_op_update(address, sizeof(type), update, operand,  \
                                      order & 7, CALLER);                      \
    }

#define COMPARE(bits, type, name, weak)                                        \
    int __tsan_atomic##bits##_compare_exchange_##name(type *address,           \
                                                      type *expected,          \
                                                      type desired, int order, \
                                                      int failure)             \
    {                                                                          \
        uint64_t seen = *expected;                                             \
        bool done =                                                            \
            atomic_op_compare_exchange(address, sizeof(type), &seen, desired,  \
                                       order & 7, failure & 7, weak, CALLER);  \
        if (!done)                                                             \
            *expected = (type)seen;                                            \
        return done;                                                           \
    }

#define ATOMICS(bits, type)                                                    \
    type __tsan_atomic##bits##_load(const type *address, int order)            \
    {                                                                          \
        if (self == NULL)                                                      \
            return *address;                                                   \
        return (type)atomic_op_load(address, sizeof(type), order & 7, CALLER); \
    }                                                                          \
    void __tsan_atomic##bits##_store(type *address, type value, int order)     \
    {                                                                          \
        if (self == NULL)                                                      \
            *address = value;                                                  \
        else                                                                   \
            atomic_op_store(address, sizeof(type), value, order & 7, CALLER);  \
    }                                                                          \
    type __tsan_atomic##bits##_compare_exchange_val(type *address,             \
                                                    type expected,             \
                                                    type desired, int order,   \
                                                    int failure)               \
    {                                                                          \
        uint64_t seen = expected;                                              \
        atomic_op_compare_exchange(address, sizeof(type), &seen, desired,      \
                                   order & 7, failure & 7, false, CALLER);     \
        return (type)seen;                                                     \
    }                                                                          \
    UPDATE(bits, type, exchange, exchange)                                     \
    UPDATE(bits, type, fetch_add, add)                                         \
    UPDATE(bits, type, fetch_sub, subtract)                                    \
    UPDATE(bits, type, fetch_and, bit_and)                                     \
    UPDATE(bits, type, fetch_or, bit_or)                                       \
    UPDATE(bits, type, fetch_xor, bit_xor)                                     \
    UPDATE(bits, type, fetch_nand, bit_nand)                                   \
    COMPARE(bits, type, strong, false)                                         \
    COMPARE(bits, type, weak, true)

ATOMICS(8, uint8_t)
ATOMICS(16, uint16_t)
ATOMICS(32, uint32_t)
ATOMICS(64, uint64_t)

void __tsan_atomic_thread_fence(int order)
{
    if (self != NULL)
        atomic_op_fence(order & 7, CALLER);
}

// A signal fence orders only a thread with its own signal handler (C11
// 7.17.4.2), and signals are not modelled.
void __tsan_atomic_signal_fence(int order)
{
    (void)order;
}
