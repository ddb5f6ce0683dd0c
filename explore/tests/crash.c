// A crash inside the C library: explore names the program's call.
#include "litmus.h"

char *volatile text = (char *)8;

int main(void)
{
    puts(text);
}
