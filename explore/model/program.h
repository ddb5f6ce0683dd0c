// The program that is explored: a shared object that we load, whose
// variables we put back before every run.

#ifndef PROGRAM_H
#define PROGRAM_H

// Loads it; says so and ends us where that is not possible.
void program_load(const char *file);

// Puts everything back as it was before main.
void program_start(void);

// Runs its main, and then ends the run. For threads_run.
void *program_main(void *unused);

// A thread's own variables, as they are at its start, and its stack.
char *program_storage(int thread);
char *program_stack(int thread);

// Calls what pthread_key_create asked for, at a thread's end.
void program_run_destructors(void);

// Each begins a run: no keys, and nothing to do at exit.
void program_start_keys(void);
void program_start_exits(void);

#endif
