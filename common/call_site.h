// Where a program calls the library: the one file, besides each other and the
// standard library, that the public headers include.
//
// A message about a bug names the program's own line, of the call that the
// thread is in:
//
//     main.c:12: port_post: this port was closed or moved away
//
// So each public header wraps every call that can end the process or wait in a
// macro of the same name. The macro notes the place first, and when the call
// has returned it notes again what was noted before: the call around this one,
// as in worker_join(&(Worker *){ worker_start(run, NULL) }), or a call in which
// this one was made by a task, a callback or a signal handler, or none. All
// names here have the prefix common_ or COMMON_.

#ifndef COMMON_CALL_SITE_H
#define COMMON_CALL_SITE_H

#if defined _WIN32
#error "This library needs POSIX threads: on Windows use WSL (README.md)"
#elif defined __wasi__ || defined __wasm__
#error "This library needs POSIX threads and fork, which wasm does not have"
#elif defined __TINYC__
#error "This library needs atomic operations: compile it with gcc or clang"
#endif

// Declarations between these two are C, also for a program in C++; and public
// in a shared library that is compiled with -fvisibility=hidden.
#ifdef __cplusplus
#define COMMON_BEGIN_C                                                         \
    _Pragma("GCC visibility push(default)") extern "C"                         \
    {
#define COMMON_END_C                                                           \
    }                                                                          \
    _Pragma("GCC visibility pop")
#else
#define COMMON_BEGIN_C _Pragma("GCC visibility push(default)")
#define COMMON_END_C _Pragma("GCC visibility pop")
#endif

// Before a function whose result may be an error that nothing else tells: the
// compiler warns of a call that drops it, also of a macro with the same mark.
// Only g++ does not see a struct there.
#define COMMON_MUST_USE __attribute__((warn_unused_result))

COMMON_BEGIN_C

// The call of the library that this thread is in, as "file:line"; behind its
// NUL stands the call itself, as in "port_receive(port, &msg)". NULL: in none.
// __thread is _Thread_local under a name that C++ compilers know too.
extern __thread const char *common_called_from;

// Hooks of a library that was built to be traced, or to be delayed.
void common_traced_call(const char *place);
void common_delays_step(void);

// Notes the place, and returns what was noted before.
static inline const char *common_enter_call(const char *place)
{
    const char *around = common_called_from;
    common_called_from = place;
#if defined COMMON_TRACE
    common_traced_call(place);
#elif defined COMMON_DELAYS
    common_delays_step();
#endif
    return around;
}

static inline void common_leave_call(const char *const *around)
{
    common_called_from = *around;
}

COMMON_END_C

// The macros. `text` is the arguments' as they were written.
#define COMMON_PLACE(text) __FILE__ ":" COMMON_LINE "\0" text
#define COMMON_LINE COMMON_TEXT(__LINE__)
#define COMMON_TEXT(line) COMMON_QUOTE(line)
#define COMMON_QUOTE(line) #line

// A block that is an expression. A variable of the block has what was noted
// before, and a cleanup function, so every way out of the call notes it again.
// The arguments' compound literals live as long as the block: a call that keeps
// the address of one is an inline function with COMMON_NOTE_CALL instead.
// The variable is named after function and line, so that a call in the
// arguments of another call does not shadow it. (With -Wpedantic, clang 22
// warns of __COUNTER__.)
#define COMMON_CALLED_AS(function, text, call)                                 \
    COMMON_NOTED(COMMON_PLACE(text), call, function, __LINE__)
#define COMMON_NOTED(place, call, function, line)                              \
    COMMON_BLOCK(place, call, function, line)
#define COMMON_BLOCK(place, call, function, line)                              \
    __extension__({                                                            \
        COMMON_NOTE_CALL(common_around_##function##_##line, place);            \
        call;                                                                  \
    })
#define COMMON_NOTE_CALL(around, place)                                        \
    __attribute__((unused, cleanup(common_leave_call))) const char *around =   \
        common_enter_call(place)

#ifndef __cplusplus
#define COMMON_CALLED_FROM_HERE(function, text, ...)                           \
    COMMON_CALLED_AS(function, #function "(" text ")", function(__VA_ARGS__))
#else

// In C++ a call may also initialize a global variable or a member, where no
// block is allowed. So there it goes through an object that can be called, with
// the parameters of the function.
template <class Result, class... Parameters> struct CommonCall {
    const char *place;
    Result (*function)(Parameters...);

    Result operator()(Parameters... parameters) const
    {
        COMMON_NOTE_CALL(around, place);
        return function(parameters...);
    }
};

template <class Result, class... Parameters>
inline CommonCall<Result, Parameters...>
common_call(const char *place, Result (*function)(Parameters...))
{
    return CommonCall<Result, Parameters...>{ place, function };
}

#define COMMON_CALLED_FROM_HERE(function, text, ...)                           \
    common_call(COMMON_PLACE(#function "(" text ")"), function)(__VA_ARGS__)
#endif

#endif
