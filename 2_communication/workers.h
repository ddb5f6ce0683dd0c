#include "worker_threads.h"

void worker_1(WorkerContext *self);
void worker_2(WorkerContext *self);
