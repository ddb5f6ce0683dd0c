#include <stdio.h>

#include "atomics.h"
#include "worker_threads.h"

static _Atomic int32_t shared[4] = { 1 };  // both workers wait on word 0

static void work(WorkerContext *self)
{
    const int *change = self->worker_data;
    port_post(self->parent_port, "waits");
    WaitResult how = atomics_wait(&shared[0], 1);
    shared[change[0]] = change[1];
    port_postf(self->parent_port, "finished: %s", atomics_result_text(how));
}

static void print_from(Worker *workers[])
{
    Message msg;
    for (int i = 0; i < 2 && port_receive(workers[i]->port, &msg); i++)
        printf("W%d %s\n", i + 1, msg.text);
}

int main(void)
{
    Worker *workers[] = { worker_start_named("W1", work, (int[]){ 3, 9 }),
                          worker_start_named("W2", work, (int[]){ 2, 2 }) };
    print_from(workers);
    while (atomics_notify(&shared[0], 1) == 0)
        continue;
#ifndef ONE_NOTIFY  // the talk notifies once, and one worker sleeps on
    while (atomics_notify(&shared[0], ATOMICS_ALL) == 0)
        continue;
#endif
    print_from(workers);
    worker_join(&workers[0]);
    worker_join(&workers[1]);
    printf("M  Int32Array(4) [ %d, %d, %d, %d ]\n", shared[0], shared[1],
           shared[2], shared[3]);
}
