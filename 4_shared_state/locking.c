#include <stdio.h>

#include "atomics.h"
#include "worker_threads.h"

static _Atomic int32_t shared[4] = { 1 };  // both workers wait on word 0

static void wait_and_set(WorkerThread *self)
{
    const int *change = self->worker_data;
    port_post(self->parent_port, "waits");
    AtomicsResult how = atomics_wait(&shared[0], 1);
    shared[change[0]] = change[1];
    port_post(self->parent_port, "finished: %s", atomics_result_text(how));
}

static void print_from(Worker *workers[])
{
    Message msg;
    for (int i = 0; i < 2; i++)
        if (port_receive(workers[i]->port, &msg))
            printf("W%d %s\n", i + 1, msg.text);
}

int main(void)
{
    Worker *workers[] = { worker_start(wait_and_set, (int[]){ 3, 9 }),
                          worker_start(wait_and_set, (int[]){ 2, 2 }) };
    print_from(workers);
    // Wakes one of the two; 0 says that nobody sleeps yet. Node stops here.
    while (atomics_notify(&shared[0], 1) == 0)
        continue;
    while (atomics_notify(&shared[0], ATOMICS_ALL) == 0)
        continue;
    print_from(workers);
    worker_join(workers[0]);
    worker_join(workers[1]);
    printf("M  Int32Array(4) [ %d, %d, %d, %d ]\n", shared[0], shared[1],
           shared[2], shared[3]);
}
