// The same tests of the other way of waiting, which is in use where there is no
// futex. This program brings its own os.c, so the library's is left out.
#ifndef WAIT_WITH_PTHREAD
#define WAIT_WITH_PTHREAD
#endif
#include "../os.c"

#include "test_wait.c"
