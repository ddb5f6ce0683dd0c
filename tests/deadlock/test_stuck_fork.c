// The detector in a child of fork: it knows the child's threads, and none of
// the parent's, and it says what the child waits for.

#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "channel.h"
#include "queue.h"
#include "stuck.h"
#include "worker_threads.h"

enum { LONG_MS = 400 };  // after which a sleeping thread is on the list

static void wait_for_port(WorkerContext *self)
{
    Message msg;
    port_receive(self->parent_port, &msg);
}

// In a child, while a thread of the parent is known to wait. The scene ends as
// the child does.
static void run_in_child(void (*run)(void))
{
    Worker *worker = worker_start(wait_for_port, NULL);
    usleep(LONG_MS * 1000);
    pid_t child = fork();
    if (child == 0) {
        alarm(30);
        run();
        _exit(5);
    }
    int status;
    waitpid(child, &status, 0);
    worker_join(&worker);
    exit(WIFEXITED(status) ? WEXITSTATUS(status) : 6);
}

static void receive_from_queue(void)
{
    Queue *queue = queue_new(1, sizeof(int));
    queue_receive(queue, &(int){ 0 });
}

STUCK_SCENE(alone, "the only thread of a child is stuck",
            "Stuck: the only thread waits", "main, at test_stuck_fork.c",
            "for an item from the queue")
{
    run_in_child(receive_from_queue);
}

static void receive_from_moved(void)
{
    Port *port, *moved;
    Message msg;
    channel_open(&port, &moved);
    port_move(&moved);
    port_receive(port, &msg);
}

STUCK_SCENE(moved, "a child waits for a port that no thread has used",
            "Stuck: the only thread waits",
            "The other end, moved, was given away")
{
    run_in_child(receive_from_moved);
}

static void receive_from_worker(void)
{
    Message msg;
    Worker *worker = worker_start(wait_for_port, NULL);
    port_receive(worker->port, &msg);
}

STUCK_SCENE(with_worker, "a child and its worker wait for each other",
            "Stuck: all threads wait", "main, at", "wait_for_port, at",
            "A circle: main waits for wait_for_port, which waits for main.")
{
    run_in_child(receive_from_worker);
}

static void end_well(void)
{
    Queue *queue = queue_new(1, sizeof(int));
    queue_receive_until(queue, &(int){ 0 }, deadline_in_ms(2 * LONG_MS));
    queue_free(&queue);
}

SCENE(silent, "a child that is not stuck is silent", 5, NULL)
{
    run_in_child(end_well);
}
