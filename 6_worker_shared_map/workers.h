#include "shared_map.h"
#include "worker_threads.h"

void worker_main(WorkerContext *self);
