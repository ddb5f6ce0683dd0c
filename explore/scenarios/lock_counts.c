// Mutual exclusion: three threads add under a lock and no addition is lost. The
// lock's acquire and release order the plain variable.
#include "check.h"
#include "os/os.h"

static Lock lock;
static int count;  // guarded by lock

static void add(void)
{
    for (int i = 0; i < 2; i++) {
        lock_acquire(&lock);
        count++;
        lock_release(&lock);
    }
}

int main(void)
{
    TOGETHER(add, add, add);
    CHECK(count == 6);
}
