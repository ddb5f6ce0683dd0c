// Writes a run as a Mermaid sequence diagram.

#ifndef MERMAID_H
#define MERMAID_H

#include "run.h"

// Returns false, with a sentence on stderr, when it cannot.
bool mermaid_write(const Run *run, const char *path);

#endif
