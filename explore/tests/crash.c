// What crashes here is the C library.
#include "litmus.h"

char *volatile text = (char *)8;

int main(void)
{
    puts(text);
}
