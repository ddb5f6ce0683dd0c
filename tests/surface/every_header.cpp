// A C++ program that includes and uses every public header.
#include "every_header.h"

#include <string>

static void greet(WorkerContext *self)
{
    std::string text = "hello";
    port_post_bytes(self->parent_port, text.c_str(), text.size() + 1);
    worker_exit(self, 0);
}

static void use_worker()
{
    Worker *worker = worker_start(greet, nullptr);
    Message msg;
    while (port_receive(worker->port, &msg))
        printf("%s\n", msg.text);
    worker_join(&worker);
}

int main()
{
    use_futures();
    use_channel();
    use_queue();
    use_map();
    use_atomics();
    use_worker();
}
