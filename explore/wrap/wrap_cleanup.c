// pthread_exit, and the handlers of pthread_cleanup_push that run before it.
//
// In C glibc's header makes each pthread_cleanup_push a setjmp, and registers
// it with the functions below. Leaving the thread is a chain of longjmps from
// the innermost handler to the outermost. The C library's own list belongs to
// the kernel thread, which all fibers share; the list here is the fiber's.

#include <pthread.h>
#include <setjmp.h>
#include <string.h>

#include "schedule/point.h"
#include "wrap.h"

#ifdef __GLIBC__

typedef __pthread_unwind_buf_t Cleanup;

// The header reserves private words in its struct. The first two hold the next
// outer handler and the depth of the shadow call stack.
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

// Jumps to the innermost handler, which calls __pthread_unwind_next at its end.
// A longjmp skips __tsan_func_exit, so the depth has to be restored by hand.
static void leave_calls(void)
{
    Cleanup *cleanup = self->cleanups;
    if (cleanup == NULL)
        return;
    self->cleanups = cleanup->__pad[OUTER];
    self->depth = (int)(intptr_t)cleanup->__pad[DEPTH];
    // glibc's buffer here is a jmp_buf without the signal mask at its end.
    jmp_buf context;
    memcpy(context, cleanup->__cancel_jmp_buf,
           sizeof cleanup->__cancel_jmp_buf);
    longjmp(context, 1);
}

// The end of a handler: goes on with the next outer one, or ends the thread.
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
