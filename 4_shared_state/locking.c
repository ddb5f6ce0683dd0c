#include <stdio.h>

#include "atomics.h"
#include "worker_threads.h"

static _Atomic int32_t shared[4] = { 1 };  // both workers wait on word 0

static void wait_and_set(WorkerThread *self)
{
    const int *change = self->worker_data;
    port_post(self->parent_port, "waits");
    AtomicsResult result = atomics_wait(&shared[0], 1);
    shared[change[0]] = change[1];
    port_post(self->parent_port, "finished: %s", atomics_result_text(result));
}

static void print_from(const char *name, Worker *worker)
{
    Message msg;
    if (port_receive(worker->port, &msg))
        printf("%s %s\n", name, msg.text);
}

int main(void)
{
    Worker *w1 = worker_start(wait_and_set, (int[]){ 3, 9 });
    Worker *w2 = worker_start(wait_and_set, (int[]){ 2, 2 });
    print_from("W1", w1);
    print_from("W2", w2);

    // One notify wakes one, where Node hangs. 0: nobody is asleep yet.
    while (atomics_notify(&shared[0], 1) == 0) {}
    while (atomics_notify(&shared[0], ATOMICS_ALL) == 0) {}

    print_from("W1", w1);
    print_from("W2", w2);
    worker_join(w1);
    worker_join(w2);
    printf("M  Int32Array(4) [ %d, %d, %d, %d ]\n", shared[0], shared[1],
           shared[2], shared[3]);
}
