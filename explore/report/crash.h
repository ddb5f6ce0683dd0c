// Crashes of the explored program become findings, each with its place.

#ifndef CRASH_H
#define CRASH_H

// Installs the signal handlers. Called once.
void crash_catch(void);

#endif
