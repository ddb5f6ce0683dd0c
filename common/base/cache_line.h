// How far apart data lies that different threads write. A core owns a whole
// cache line while it writes to it, so two variables on one line slow each
// other down although no thread uses both: false sharing.

#ifndef CACHE_LINE_H
#define CACHE_LINE_H

#include "names.h"

enum {
    CACHE_LINE = 64,       // bytes; where it is another number, only slower
    CACHE_LINE_PAIR = 128  // some cores fetch two: for what is hottest
};

#endif
