// WITH_THREAD_SANITIZER: whether a file is compiled with ThreadSanitizer, or
// with another tool that the compiler calls in the same way. Unless somebody
// says so with -D (common/Makefile does).
//
// They do not know that a mutex that is locked with a time limit may have been
// left by the dead. So with them a lock between processes is waited for without
// a limit, and tests that kill many at once do without them.

#ifndef THREAD_SANITIZER_H
#define THREAD_SANITIZER_H

#ifndef WITH_THREAD_SANITIZER
#if defined(__has_feature)
#define WITH_THREAD_SANITIZER __has_feature(thread_sanitizer)
#elif defined(__SANITIZE_THREAD__)
#define WITH_THREAD_SANITIZER 1
#else
#define WITH_THREAD_SANITIZER 0
#endif
#endif

#endif
