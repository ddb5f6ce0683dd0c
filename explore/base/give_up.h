// The end of the whole search, when explore does not support the program.

#ifndef GIVE_UP_H
#define GIVE_UP_H

// Prints the reason to stderr and exits with status 2.
__attribute__((format(printf, 1, 2))) _Noreturn void give_up(const char *format,
                                                             ...);

// Sets a function that give_up calls before it prints: report/output.c restores
// the real stderr.
void give_up_calls_first(void (*function)(void));

#endif
