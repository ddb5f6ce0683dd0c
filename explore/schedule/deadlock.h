// Deadlock: the end of a run in which no thread can go on.

#ifndef DEADLOCK_H
#define DEADLOCK_H

// Makes a list of all threads that wait, on which object and where, the run's
// finding. If all threads have ended the run is over, and nothing is wrong.
void find_deadlock(void);

#endif
