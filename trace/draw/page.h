// Writes a run as one page for a browser, which needs nothing else.

#ifndef PAGE_H
#define PAGE_H

#include "run.h"

// Returns false after a message on stderr if the file cannot be written.
bool page_write(const Run *run, const char *path);

#endif
