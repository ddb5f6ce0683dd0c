// The first include of every .c file of the library: the prefix of its private
// names, the C library's headers that most of the files need, and the ways in
// which a call can end the process (die.h).

#ifndef BASE_H
#define BASE_H

// The public headers then declare their functions, and no macros that note the
// caller's file and line (call_site.h).
#define IN_COMMON

#include "names.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "cache_line.h"
#include "die.h"
#include "trace_hooks.h"

#endif
