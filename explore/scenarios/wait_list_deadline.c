// Two threads wait on a wait list until a deadline, and a third serves one: as
// many report that they were served as were served. Both leave the list.
#include "check.h"
#include "os/wait_list.h"

static Lock lock;
static WaitList list;     // guarded by lock, like all below
static int served, told;  // threads that were served, and that say so

static void wait_a_while(void)
{
    lock_acquire(&lock);
    bool was_served =
        wait_list_wait(&list, &lock, NULL, deadline_in_ms(1), NULL);
    told += was_served;
    lock_release(&lock);
}

static void serve_one(void)
{
    lock_acquire(&lock);
    WaitNode *first = wait_list_first(&list);
    if (first) {
        wait_list_serve(&list, first);
        served++;
    }
    lock_release(&lock);
}

int main(void)
{
    TOGETHER(wait_a_while, wait_a_while, serve_one);
    CHECK(served == told);
    CHECK(list.first == NULL && list.last == NULL);
}
