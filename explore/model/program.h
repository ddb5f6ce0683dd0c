// The program that is explored: a shared object that we load, whose
// variables we put back before every run.

#ifndef PROGRAM_H
#define PROGRAM_H

// Loads it, once; says so and ends us where that is not possible. Returns where
// it lies in memory.
const void *program_load(const char *file);

// Sets a function that is called in the thread that ends the program.
void program_calls_at_end(void (*function)(void));

// Puts everything back as it was before main.
void program_start(void);

// Runs its main, and then ends the run. For threads_run.
void *program_main(void *unused);

// Ends the run as the program wished, with what it registered with atexit or
// without: a status other than 0 is a finding.
_Noreturn void program_exit(int status);
_Noreturn void program_exit_at_once(int status);

#endif
