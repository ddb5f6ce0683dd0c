// One run of the program, for a search or with a listing.

#ifndef RUN_H
#define RUN_H

#include <stdbool.h>
#include <stdint.h>

// Runs it with the choices that have been set (schedule/choice.h). Returns what
// it printed, valid until the next run.
const char *run(void);

// One run, with a listing of what happened; `brief` is of the program's own
// lines only. Of a schedule that is none, false.
void replay_seed(uint64_t seed, bool brief);
bool replay_schedule(const char *list, bool brief);

#endif
