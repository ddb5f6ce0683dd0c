// The end of a run in which no thread can go on.

#ifndef DEADLOCK_H
#define DEADLOCK_H

// Notes for what each thread waits, and where, as the run's finding. With all
// threads ended the run is over, and nothing is wrong.
void find_deadlock(void);

#endif
