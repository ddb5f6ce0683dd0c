// The tasks of a pool that nobody has begun. Any thread puts one in, the pool's
// threads take them out, about in that order, and whoever awaits one takes that
// very one back. A task is in one place, and whoever empties it begins it: what
// was taken back leaves nothing behind for others to find.

#ifndef TASK_BAG_H
#define TASK_BAG_H

#include "base/names.h"

#include "future.h"

typedef struct TaskBag TaskBag;

TaskBag *task_bag_new(void);

// Puts the future in. Returns false, and leaves it with the caller, when too
// many wait or the bag is closed.
bool task_bag_put(TaskBag *bag, Future *future);

// Waits for a future to run. Returns NULL when the bag is closed, and empty.
// For the threads of the pool.
Future *task_bag_take(TaskBag *bag);

// Takes the future back, if it is still in. If this returns true, the caller
// begins it and calls task_bag_clear when it has ended. Any thread may call
// these, also when the bag has been freed: then the future is in no more.
bool task_bag_take_back(TaskBag *bag, unsigned place, Future *future);
void task_bag_clear(TaskBag *bag, unsigned place);

// Lets nothing more in.
void task_bag_close(TaskBag *bag);

// Waits until everything that was taken back has ended, and frees the bag, when
// it is closed and the pool's threads have ended.
void task_bag_free(TaskBag *bag);

#endif
