// Functions registered for the end of the program (atexit) and for the end of a
// thread (pthread_key_create).
//
// The C library's own lists would grow with every run, and would call functions
// after the last one. So each run begins with empty lists, and the functions
// run inside the explored program, where they can block and race like any
// other.

#include "at_exit.h"

#include <stddef.h>

#include "schedule/thread.h"

enum { MAX_AT_EXIT = 64 };

static void (*at_exit[MAX_AT_EXIT])(void);
static int at_exit_count;

static void (*destructors[MAX_KEYS])(void *);
static unsigned key_count;

void at_exit_start(void)
{
    at_exit_count = 0;
    key_count = 0;
}

bool at_exit_add(void (*function)(void))
{
    if (at_exit_count == MAX_AT_EXIT)
        return false;
    at_exit[at_exit_count++] = function;
    return true;
}

// In reverse order of registration (C11 7.22.4.4). The count goes down before
// the call: a function may register another one, or call exit itself.
void at_exit_run(void)
{
    while (at_exit_count > 0)
        at_exit[--at_exit_count]();
}

int key_create(void (*destructor)(void *))
{
    if (key_count == MAX_KEYS)
        return -1;
    destructors[key_count] = destructor;
    return (int)key_count++;
}

void key_delete(unsigned key)
{
    destructors[key] = NULL;
}

// The value is NULL before its destructor is called, as POSIX demands. A
// destructor may set a value again, so there are several rounds: four, which is
// PTHREAD_DESTRUCTOR_ITERATIONS.
void keys_run_destructors(void)
{
    for (int round = 0; round < 4; round++)
        for (unsigned key = 0; key < key_count; key++) {
            void *value = self->values[key];
            self->values[key] = NULL;
            if (value != NULL && destructors[key] != NULL)
                destructors[key](value);
        }
}
