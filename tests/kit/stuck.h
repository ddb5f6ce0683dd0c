// Tests of programs that are stuck.

#ifndef STUCK_H
#define STUCK_H

#include <stdlib.h>

#include "os/os.h"
#include "sanitizers.h"
#include "test.h"

// ThreadSanitizer has a thread of its own, emulators too.
static inline void must_be_told(void)
{
    const char *emulator = getenv("RUNNER");
    if (THREAD_SANITIZER || (emulator && *emulator))
        test_skip("a thread that is not ours is always there: it keeps silent");
    if (process_threads() == 0)
        test_skip("this system does not count threads: it keeps silent");
}

// Before the scene, and not in it.
#define STUCK_SCENE(name, words, ...)                                          \
    static void stuck_##name(void);                                            \
    TEST(name, words)                                                          \
    {                                                                          \
        must_be_told();                                                        \
        const char *const said[] = { __VA_ARGS__, NULL };                      \
        test_scene(#name, stuck_##name, 3, said, __FILE__, __LINE__);          \
    }                                                                          \
    static void stuck_##name(void)

#endif
