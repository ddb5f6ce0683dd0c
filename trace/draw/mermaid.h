// Writes a run as a Mermaid sequence diagram.

#ifndef MERMAID_H
#define MERMAID_H

#include "run.h"

// Returns false after a message on stderr if the file cannot be written.
bool mermaid_write(const Run *run, const char *path);

#endif
