// The program's calls of these functions come to us: it is linked with
// --wrap.

#ifndef WRAP_H
#define WRAP_H

#define WRAP(name) __wrap_##name

// Where in the program we were called from.
#define CALLER ((const char *)__builtin_return_address(0) - 1)

#endif
