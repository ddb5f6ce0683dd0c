// Writes a run as Chrome trace events, for Perfetto.

#ifndef CHROME_H
#define CHROME_H

#include "run.h"

// Returns false after a message on stderr if the file cannot be written.
bool chrome_write(const Run *run, const char *path);

#endif
