// The explored program: a shared object that is loaded once. Its variables get
// their initial values again before every run.

#ifndef PROGRAM_H
#define PROGRAM_H

// Loads the program. Called once; gives up with a message if that is not
// possible. Returns the program's address in memory.
const void *program_load(const char *file);

// Sets a function that is called in the thread that ends the program.
void program_calls_at_end(void (*function)(void));

// Begins a run: variables, heap and registered functions are as before main.
void program_start(void);

// Runs the program's main, and then ends the run. For threads_run.
void *program_main(void *unused);

// Each ends the run with the program's exit status; another one than 0 is a
// finding. The first calls the functions registered with atexit before that.
_Noreturn void program_exit(int status);
_Noreturn void program_exit_at_once(int status);

#endif
