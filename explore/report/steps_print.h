// The listing of a run's steps (schedule/steps.h), as text.

#ifndef STEPS_PRINT_H
#define STEPS_PRINT_H

#include <stdbool.h>

// Prints all steps. With only_own it prints the program's own lines that
// another thread could notice, each with its text.
void steps_print(bool only_own);

#endif
