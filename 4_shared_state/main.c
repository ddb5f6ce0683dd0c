#include <stdio.h>

#include "workers.h"

int main(void)
{
    int16_t shared[2] = { 0 };  // 4 bytes that both threads see

    printf("M  : Int16Array(2) [ %d, %d ]\n", shared[0], shared[1]);

    Worker *worker = worker_start(worker_main, shared);

    worker_join(&worker);  // Node hopes that 300 ms are enough

    printf("M  : Int16Array(2) [ %d, %d ]\n", shared[0], shared[1]);
}
