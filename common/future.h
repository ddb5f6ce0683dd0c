// Futures: a result that another thread is working on. A promise in JavaScript;
// future_start is what executeInThread is in the npm package funthreads.
//
//     typedef struct Power {
//         int base, exponent;
//     } Power;
//
//     static void power(Task *self)
//     {
//         const Power *p = self->args;
//         ...
//         task_return(self, value_int(result));
//     }
//
//     Future *future = future_start(power, &(Power){ 2, 10 }, sizeof(Power));
//     Value value = future_await(future);
//     if (value.type == VALUE_ERROR)
//         printf("%s\n", value.text);
//     else
//         printf("%lld\n", value.integer);
//     future_join(&future);
//
// A future settles exactly once: with the value that its task returned, with
// an error, or with no value when the task ended without returning one. It
// always settles, also when no thread could be started: then with an error.
//
// Any thread may await or cancel a future. Its starter joins it, when no thread
// uses it any more.
//
// A task has its thread to itself while it runs. Then the thread is kept for
// about half a second, for the next task, which finds there the state that the
// last one left: thread-local variables, the thread's name, its signal mask. A
// task may also end its thread (pthread_exit). exit ends the threads that are
// kept, and does not wait for tasks that still run.
//
// After fork: a child has the thread that called fork, and no other. There
//
// - futures that the child starts settle as always,
// - a parent's future that had settled gives its value to every await, and a
//   join frees it, also when its task still runs in the parent,
// - a call that would wait for another future of the parent ends the process
//   with a sentence: every await, also with a deadline, and join. Only
//   future_await_any waits on while a future of the child can decide,
// - future_cancel of a parent's task that had not begun settles the child's
//   copy alone; the parent's task runs,
// - a task that calls fork goes on, and its future is the child's own. When it
//   has ended, its thread ends within a second, and with its last thread the
//   process, with status 0.
//
// In a signal handler: no call may be made.
//
// A second end: future_join leaves NULL behind, and every call with NULL ends
// the process with a sentence. Copies of the pointer, in other variables, are
// not set to NULL: a call with one after the join is a use of freed memory,
// which no check finds.

#ifndef COMMON_FUTURE_H
#define COMMON_FUTURE_H

#include "call_site.h"
#include "deadline.h"
#include "value.h"

COMMON_BEGIN_C

typedef struct Future Future;

// The view that a running task has of itself. It belongs to the task's thread.
typedef struct Task {
    const void *args;  // a copy of the arguments of the start, aligned for
                       // any type; NULL if there were none
    size_t size;       // bytes
    Future *future;    // the library's own
} Task;

// Runs the task in a thread of its own, with a copy of the arguments: C has no
// closures, and variables on the caller's stack may be gone by then. Returns
// at once, and never NULL. When the system has no thread to give (EAGAIN), this
// tries again for about 0.2 seconds; then the future settles with an error.
Future *future_start(void (*run)(Task *self), const void *args, size_t size);

// Settles the task's future with a copy of the value. The task goes on, so that
// it can tidy up. Only the first call of this or of task_return_error counts.
void task_return(Task *self, Value value);

// The same with an error, whose text is formatted as by printf. It stands where
// a task in JavaScript has throw; but it returns, as task_return does.
void task_return_error(Task *self, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

// Each way to wait has one way to fail: a Value of type VALUE_ERROR. The
// compiler warns of a call that drops its result. Text and bytes belong to the
// future that they came from, also those of an error, and future_join frees
// them.

// Waits until the future has settled, and returns its value or its error.
COMMON_MUST_USE Value future_await(Future *future);

// The same until a deadline: returns WAIT_OK and sets *value, or
// WAIT_TIMED_OUT. DEADLINE_NOW asks whether it has settled.
COMMON_MUST_USE WaitResult future_await_until(Future *future, Value *value,
                                              Deadline deadline);

// Waits until all have returned or one has failed. Sets values[i] to the value
// of futures[i], and returns value_none(); or returns the error that came
// first, and sets nothing. The other tasks run on. Of futures that had settled
// before the call, the first listed counts as first. values may be NULL. This
// is JavaScript's Promise.all.
COMMON_MUST_USE Value future_await_all(Future *futures[], size_t count,
                                       Value values[]);

// The same until a deadline. Sets *result to what future_await_all returns,
// with WAIT_OK only.
COMMON_MUST_USE WaitResult future_await_all_until(Future *futures[],
                                                  size_t count, Value values[],
                                                  Value *result,
                                                  Deadline deadline);

// Waits until one has returned or all have failed. Returns the value of the
// first that returned, and sets *index to its index; or returns the error of
// the first listed, and sets *index to count. With no futures the result is an
// error, too. index may be NULL. This is JavaScript's Promise.any.
COMMON_MUST_USE Value future_await_any(Future *futures[], size_t count,
                                       size_t *index);

// The same until a deadline. Sets *value to what future_await_any returns, and
// *index, with WAIT_OK only.
COMMON_MUST_USE WaitResult future_await_any_until(Future *futures[],
                                                  size_t count, Value *value,
                                                  size_t *index,
                                                  Deadline deadline);

// Settles the future with the error "cancelled" if its task has not begun. Then
// the task never begins. Returns whether this call cancelled it.
bool future_cancel(Future *future);

// Waits until the task has ended, which may be later than it settled, and frees
// the future. The starter must call this; cancel does not replace it. The
// thread may still be there: actions at its end, like destructors of
// thread-local data, have not happened yet. Leaves NULL behind, in each of
// futures too.
void future_join(Future **future);
void future_join_all(Future *futures[], size_t count);

// For the compiler's warning of a result that is dropped: it sees none in the
// block of a macro.
COMMON_MUST_USE static inline Value common_used_value(Value value)
{
    return value;
}

COMMON_MUST_USE static inline WaitResult
common_used_wait_result(WaitResult wait)
{
    return wait;
}

// The library's own files go without (call_site.h).
#ifndef IN_COMMON
#define future_start(...)                                                      \
    COMMON_CALLED_FROM_HERE(future_start, #__VA_ARGS__, __VA_ARGS__)
#define task_return(...)                                                       \
    COMMON_CALLED_FROM_HERE(task_return, #__VA_ARGS__, __VA_ARGS__)
#define task_return_error(...)                                                 \
    COMMON_CALLED_AS(task_return_error, "task_return_error(" #__VA_ARGS__ ")", \
                     task_return_error(__VA_ARGS__))
#define future_await(...)                                                      \
    common_used_value(                                                         \
        COMMON_CALLED_FROM_HERE(future_await, #__VA_ARGS__, __VA_ARGS__))
#define future_await_until(...)                                                \
    common_used_wait_result(COMMON_CALLED_FROM_HERE(future_await_until,        \
                                                    #__VA_ARGS__,              \
                                                    __VA_ARGS__))
#define future_await_all(...)                                                  \
    common_used_value(                                                         \
        COMMON_CALLED_FROM_HERE(future_await_all, #__VA_ARGS__, __VA_ARGS__))
#define future_await_all_until(...)                                            \
    common_used_wait_result(COMMON_CALLED_FROM_HERE(future_await_all_until,    \
                                                    #__VA_ARGS__,              \
                                                    __VA_ARGS__))
#define future_await_any(...)                                                  \
    common_used_value(                                                         \
        COMMON_CALLED_FROM_HERE(future_await_any, #__VA_ARGS__, __VA_ARGS__))
#define future_await_any_until(...)                                            \
    common_used_wait_result(COMMON_CALLED_FROM_HERE(future_await_any_until,    \
                                                    #__VA_ARGS__,              \
                                                    __VA_ARGS__))
#define future_cancel(...)                                                     \
    COMMON_CALLED_FROM_HERE(future_cancel, #__VA_ARGS__, __VA_ARGS__)
#define future_join(...)                                                       \
    COMMON_CALLED_FROM_HERE(future_join, #__VA_ARGS__, __VA_ARGS__)
#define future_join_all(...)                                                   \
    COMMON_CALLED_FROM_HERE(future_join_all, #__VA_ARGS__, __VA_ARGS__)
#endif

COMMON_END_C

#endif
