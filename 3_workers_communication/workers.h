#include "worker_threads.h"

void worker_1(WorkerThread *self);
void worker_2(WorkerThread *self);
