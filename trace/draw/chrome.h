// Writes a run as Chrome trace events, for Perfetto.

#ifndef CHROME_H
#define CHROME_H

#include "run.h"

// Returns false, with a sentence on stderr, when it cannot.
bool chrome_write(const Run *run, const char *path);

#endif
