// A full pipe that no process reads, as of "./main | less".

#ifndef FULL_PIPE_H
#define FULL_PIPE_H

#include <fcntl.h>
#include <unistd.h>

#include "test.h"

// Puts a full pipe in the place of this descriptor: a write to it blocks.
static inline void fill_pipe(int descriptor)
{
    int ends[2];
    char bytes[4096] = { 0 };
    CHECK(pipe(ends) == 0);
    CHECK(fcntl(ends[1], F_SETFL, O_NONBLOCK) == 0);
    while (write(ends[1], bytes, sizeof bytes) > 0 ||
           write(ends[1], bytes, 1) > 0)
        continue;
    CHECK(fcntl(ends[1], F_SETFL, 0) == 0);
    CHECK(dup2(ends[1], descriptor) == descriptor);
}

#endif
