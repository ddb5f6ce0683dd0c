// Two workers that call a function many times, and what each call costs.

// Nanoseconds for each of all calls.
double cost_of(void (*function)(void));

void print_cost(const char *way, int count, double ns);
