// What a crash of the explored program is: a finding, with its place.

#ifndef CRASH_H
#define CRASH_H

// From now on, once.
void crash_catch(void);

#endif
