// Functions that the program registered for its end and for its threads' ends.

#ifndef AT_EXIT_H
#define AT_EXIT_H

#include <stdbool.h>

// Begins a run: no function is registered.
void at_exit_start(void);

// Registers a function (atexit), or returns false when there are too many. Then
// calls all of them.
bool at_exit_add(void (*function)(void));
void at_exit_run(void);

// Keys of thread-local values (pthread_key_create): returns the new key, or -1
// when there are too many.
int key_create(void (*destructor)(void *));
void key_delete(unsigned key);

// Calls the destructors of the calling thread's values.
void keys_run_destructors(void);

#endif
