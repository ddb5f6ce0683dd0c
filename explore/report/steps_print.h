// The listing of what each thread did (schedule/steps.h), for people to read.

#ifndef STEPS_PRINT_H
#define STEPS_PRINT_H

#include <stdbool.h>

// All steps; or, with only_own, those of the program's own lines that another
// thread could notice, with what is written there.
void steps_print(bool only_own);

#endif
