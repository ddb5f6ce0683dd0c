// A program with names that the library has inside, too: each keeps its own.
#define must(condition) ((condition) ? (void)0 : abort())

#include "every_header.h"

typedef struct list {
    struct list *next;
} list;

int error_text = 1;
int called_from = 2;

// Not static: so the linker sees each of them.
void die(void);
void table_init(list *table);
const char *text_free(const char *text);
int lock_acquire(int lock);
void thread_start(WorkerContext *self);

void die(void)
{
    exit(3);
}

void table_init(list *table)
{
    table->next = NULL;
}

const char *text_free(const char *text)
{
    return text;
}

int lock_acquire(int lock)
{
    return lock + error_text + called_from;
}

void thread_start(WorkerContext *self)
{
    port_post_bytes(self->parent_port, "hello", 6);
}

static void use_worker(void)
{
    Worker *worker = worker_start(thread_start, NULL);
    Message msg;
    while (port_receive(worker->port, &msg))
        printf("%s\n", text_free(msg.text));
    worker_join(&worker);
}

int main(void)
{
    list table;
    table_init(&table);
    must(table.next == NULL);
    if (lock_acquire(1) != 4)
        die();
    use_futures();
    use_channel();
    use_queue();
    use_map();
    use_atomics();
    use_worker();
    return 0;
}
