// A worker doubles what comes to either of two ports. Main has 5 doubled
// over one, then that over the other, to print 20. As it is, it is stuck.
#include <stdio.h>
#include <stdlib.h>

#include "worker_threads.h"

static void answer(Port *port, const Message *msg)
{
    port_postf(port, "%d", 2 * atoi(msg->text));
}

static void double_numbers(WorkerContext *self)
{
    Port *left = self->parent_port, *right = self->worker_data;
    Message msg;
    // TODO: answer the worker that asks
    while (port_receive(right, &msg))
        answer(right, &msg);
    while (port_receive(left, &msg))
        answer(left, &msg);
    port_close(&right);
}

int main(void)
{
    Port *right, *far_end;
    channel_open(&right, &far_end);
    Worker *worker = worker_start(double_numbers, port_move(&far_end));
    Port *left = worker->port;

    Message msg;
    port_post(left, "5");
    port_receive(left, &msg);
    port_post(right, msg.text);
    port_receive(right, &msg);
    printf("%s\n", msg.text);
    port_close(&right);
    worker_join(&worker);
}
