// What this operating system and its C library have beyond the part of POSIX
// that all of them share: one macro for each difference, 1 or 0. Each has a
// fallback, and no other file asks for a system in order to choose it.
//
// Compiled with -DNOT_LINUX, a Linux counts as a system that has none of it. So
// the fallbacks of macOS and the BSDs run in the tests on Linux too.

#ifndef OS_HAS_H
#define OS_HAS_H

#include "base/names.h"

#include <unistd.h>

#if defined(__linux__) && !defined(NOT_LINUX)
#define OS_IS_LINUX 1
#else
#define OS_IS_LINUX 0
#endif

// The kernel lets a thread sleep on a word. With 64 bits only: with fewer there
// are two kinds of timespec.
#if OS_IS_LINUX && defined(__LP64__) && !defined(WAIT_WITH_PTHREAD)
#define OS_HAS_FUTEX 1
#else
#define OS_HAS_FUTEX 0
#endif

// A condition that waits on the monotonic clock. macOS has only waits for a
// span of time instead.
#ifndef OS_HAS_CONDITION_CLOCK  // unless a test says so
#ifdef __APPLE__
#define OS_HAS_CONDITION_CLOCK 0
#else
#define OS_HAS_CONDITION_CLOCK 1
#endif
#endif

// PTHREAD_MUTEX_ROBUST cannot be asked for by #ifdef: on glibc it is an enum.
#if OS_IS_LINUX || (defined(__FreeBSD__) && !defined(NOT_LINUX))
#define OS_HAS_ROBUST 1
#else
#define OS_HAS_ROBUST 0
#endif

// pthread_mutex_clocklock: glibc since version 2.30.
#define OS_HAS_CLOCKLOCK 0
#ifdef __GLIBC__
#if OS_IS_LINUX && __GLIBC_PREREQ(2, 30)
#undef OS_HAS_CLOCKLOCK
#define OS_HAS_CLOCKLOCK 1
#endif
#endif

// glibc since 2.25, musl since 1.1.20, macOS, FreeBSD and NetBSD 10 have the
// header <sys/random.h>, and getentropy in it or in unistd.h.
#define OS_HAS_GETENTROPY 0
#if defined(__has_include) && !defined(NOT_LINUX)
#if __has_include(<sys/random.h>)
#undef OS_HAS_GETENTROPY
#define OS_HAS_GETENTROPY 1
#endif
#endif

// mremap, and the folder /proc/self/task.
#define OS_HAS_MREMAP OS_IS_LINUX
#define OS_HAS_TASK_FOLDER OS_IS_LINUX

// posix_fallocate.
#if defined(_POSIX_ADVISORY_INFO) && _POSIX_ADVISORY_INFO > 0 &&               \
    !defined(NOT_LINUX)
#define OS_HAS_FALLOCATE 1
#else
#define OS_HAS_FALLOCATE 0
#endif

// flock and fstat know an object of shm_open as a file. On macOS and FreeBSD
// they do not.
#if OS_IS_LINUX || defined(__NetBSD__) || defined(__OpenBSD__)
#define OS_SHARES_FILES 1
#else
#define OS_SHARES_FILES 0
#endif

#endif
