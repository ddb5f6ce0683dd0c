// How a thread ends in the middle of its calls: pthread_exit, and with it what
// pthread_cleanup_push has asked for, as glibc's header has that in C. Each one
// is a setjmp, of which the C library is told; so are we.

#include <pthread.h>
#include <setjmp.h>
#include <string.h>

#include "schedule/point.h"
#include "wrap.h"

#ifdef __GLIBC__

typedef __pthread_unwind_buf_t Cleanup;

// In the room that the header leaves us: the one before, and how deep the calls
// were.
enum { OUTER, DEPTH };

void WRAP(__pthread_register_cancel)(Cleanup *cleanup)
{
    cleanup->__pad[OUTER] = self->cleanups;
    cleanup->__pad[DEPTH] = (void *)(intptr_t)self->depth;
    self->cleanups = cleanup;
}

void WRAP(__pthread_unregister_cancel)(Cleanup *cleanup)
{
    self->cleanups = cleanup->__pad[OUTER];
}

static void leave_calls(void)
{
    Cleanup *cleanup = self->cleanups;
    if (cleanup == NULL)
        return;
    self->cleanups = cleanup->__pad[OUTER];
    self->depth = (int)(intptr_t)cleanup->__pad[DEPTH];
    // Theirs is cut off behind what is used of it.
    jmp_buf context;
    memcpy(context, cleanup->__cancel_jmp_buf,
           sizeof cleanup->__cancel_jmp_buf);
    longjmp(context, 1);
}

// When one of them has run.
_Noreturn void WRAP(__pthread_unwind_next)(Cleanup *cleanup)
{
    (void)cleanup;
    leave_calls();
    thread_end(self->result);
}

#else

static void leave_calls(void)
{
}

#endif

_Noreturn void WRAP(pthread_exit)(void *result)
{
    self->result = result;
    leave_calls();
    thread_end(result);
}
