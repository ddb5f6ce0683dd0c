// Victims: processes and threads that die in the middle of a call on the map,
// at one of its crash points (crash_points.h).

#ifndef MAP_VICTIMS_H
#define MAP_VICTIMS_H

#include "crash_points.h"
#include "map_survivors.h"

typedef void Call(SharedMap *map);

// Makes the call to its end. Returns how many crash points it has.
long count_points(Call *call);

// A process is killed there.
void kill_in(Call *call, long fatal, CrashOrder order);

// The same when two other processes wait for the lock, if it is held there.
// They then go on. Returns how many of them did wait.
int kill_while_others_wait(Call *call, long fatal);

// A thread ends there, which is to the map as if it were killed. Returns
// whether it came so far.
bool end_thread_in(Call *call, long fatal);

#endif
