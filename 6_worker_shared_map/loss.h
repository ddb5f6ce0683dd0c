// Two workers that pay a hundred thousand dollars each, one by one, and how
// many of these updates are lost.

#include "shared_map.h"

extern SharedMap *bank;

void print_loss(const char *way,
                void (*change)(const char *name, long long amount));
