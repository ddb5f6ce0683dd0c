// Where a program calls the library: the one file, besides each other and the
// standard library, that the public headers include.
//
// A message about a bug names the program's own line, of its last call:
//
//     main.c:12: port_post: this port was closed or moved away
//
// So each public header wraps every call that can end the process or wait in a
// macro of the same name, which notes the place first. All names here have the
// prefix common_ or COMMON_.

#ifndef COMMON_CALL_SITE_H
#define COMMON_CALL_SITE_H

// Declarations between these two are C, also for a program in C++.
#ifdef __cplusplus
#define COMMON_BEGIN_C extern "C" {
#define COMMON_END_C }
#else
#define COMMON_BEGIN_C
#define COMMON_END_C
#endif

// Before a function whose result may be an error that nothing else tells: the
// compiler warns of a call that drops it, also behind the comma of the macros
// below. Only g++ does not see a struct there.
#define COMMON_MUST_USE __attribute__((warn_unused_result))

COMMON_BEGIN_C

// Where this thread's program last called the library, as "file:line"; behind
// its NUL stands the call itself, as in "port_receive(port, &msg)".
// __thread is _Thread_local under a name that C++ compilers know too.
extern __thread const char *common_called_from;

// Hooks of a library that was built to be traced, or to be delayed.
void common_traced_call(const char *place);
void common_delays_step(void);

// Notes the place, then makes the call. One store of a constant is all it
// costs. `text` is the arguments' as they were written.
#define COMMON_CALLED_FROM_HERE(function, text, ...)                           \
    COMMON_CALLED_AS(#function "(" text ")", function(__VA_ARGS__))
#define COMMON_CALLED_AS(text, call)                                           \
    (common_note_place(__FILE__ ":" COMMON_LINE "\0" text), call)
#define COMMON_LINE COMMON_TEXT(__LINE__)
#define COMMON_TEXT(line) COMMON_QUOTE(line)
#define COMMON_QUOTE(line) #line

// A call, so that two wrapped calls may be arguments of a third one: two
// assignments side by side would be undefined.
static inline void common_note_place(const char *place)
{
    common_called_from = place;
#if defined COMMON_TRACE
    common_traced_call(place);
#elif defined COMMON_DELAYS
    common_delays_step();
#endif
}

COMMON_END_C

#endif
