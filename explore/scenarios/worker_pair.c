// Two workers talk over a channel with one port moved to each: neither shares
// memory with the other.
#include "check.h"
#include "worker_threads.h"

static void ask(WorkerContext *self)
{
    Port *port = self->worker_data;
    Message msg;
    CHECK(port_post(port, "?"));
    CHECK(port_receive(port, &msg) && msg.text[0] == '!');
    port_close(&port);
}

static void answer(WorkerContext *self)
{
    Port *port = self->worker_data;
    Message msg;
    CHECK(port_receive(port, &msg) && msg.text[0] == '?');
    CHECK(port_post(port, "!"));
    CHECK(!port_receive(port, &msg));
    port_close(&port);
}

int main(void)
{
    Port *port1, *port2;
    channel_open(&port1, &port2);
    Worker *asking = worker_start(ask, port_move(&port1));
    Worker *answering = worker_start(answer, port_move(&port2));
    worker_join(&asking);
    worker_join(&answering);
}
