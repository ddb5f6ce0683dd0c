// What signal handlers may do depends on the system (common/README.md).

#ifndef HANDLERS_H
#define HANDLERS_H

#include "os/os_has.h"
#include "test.h"

// With mutexes and conditions instead of futexes, no wake-up is safe there.
static inline void must_wake_in_handlers(void)
{
#if !OS_HAS_FUTEX
    test_skip("only with futexes a handler may wake a thread");
#endif
}

#endif
