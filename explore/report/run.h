// One run of the program, for a search or as a replay.

#ifndef RUN_H
#define RUN_H

#include <stdbool.h>
#include <stdint.h>

// Runs the program with the choices that have been set up (schedule/choice.h).
// Returns its output, valid until the next run.
const char *run(void);

// Each repeats one run and lists its steps; `brief` lists only the program's
// own lines. replay_schedule returns false if the text is not a schedule.
void replay_seed(uint64_t seed, bool brief);
bool replay_schedule(const char *list, bool brief);

#endif
