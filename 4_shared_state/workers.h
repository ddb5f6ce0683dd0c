#include <stdint.h>

#include "worker_threads.h"

void worker_main(WorkerContext *self);
