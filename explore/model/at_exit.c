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
