// One waiter is served and all the rest are dismissed: a thread that comes
// after the close does not wait.
#include "check.h"
#include "os/wait_list.h"

static Lock lock;
static WaitList list;  // guarded by lock, like all below
static bool closed;
static int served, told;

static void wait_inside(void)
{
    lock_acquire(&lock);
    bool was_served =
        !closed && wait_list_wait(&list, &lock, NULL, DEADLINE_NEVER, NULL);
    told += was_served;
    lock_release(&lock);
}

static void close_door(void)
{
    lock_acquire(&lock);
    WaitNode *first = wait_list_first(&list);
    if (first) {
        wait_list_serve(&list, first);
        served++;
    }
    closed = true;
    wait_list_dismiss(&list);
    lock_release(&lock);
}

int main(void)
{
    TOGETHER(wait_inside, wait_inside, close_door);
    CHECK(served == told);
    CHECK(list.first == NULL && list.last == NULL);
}
