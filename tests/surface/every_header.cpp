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

// Calls that initialize a global variable and members, outside of functions.
static Queue *jobs = queue_new(4, sizeof(int));

struct Owner {
    SharedMap *map = shared_map_new();
    Pool *pool;
    Owner() : pool(pool_new(1)) {}
    ~Owner()
    {
        shared_map_free(&map);
        pool_join(&pool);
        queue_free(&jobs);
    }
};

// Ends the program with another status if the thread is not in the call around
// the call in its arguments.
static void look_around(const MapEntry *, void *)
{
    const char *place = common_called_from;
    const std::string call = place ? place + strlen(place) + 1 : "no call";
    if (call.find("shared_map_for_each(owner.map, look_around") != 0)
        exit(2);
}

static void use_owner()
{
    Owner owner;
    shared_map_set_int(owner.map, "n", 1);
    shared_map_for_each(owner.map, look_around,
                        queue_size(jobs) == 0 ? NULL : jobs);
    if (common_called_from != NULL)
        exit(3);
}

int main()
{
    use_owner();
    use_futures();
    use_channel();
    use_queue();
    use_map();
    use_atomics();
    use_worker();
}
