// A worker multiplies, and main prints what came of it: "6 * 7 = 42". As it
// is, main prints another result now and then.
#include <stdio.h>

#include "worker_threads.h"

typedef struct Product {
    int a, b;
    volatile int result;
} Product;

static void multiply(WorkerThread *self)
{
    Product *product = self->worker_data;
    product->result = product->a * product->b;
}

int main(void)
{
    Product product = { .a = 6, .b = 7 };
    Worker *worker = worker_start_named("W1", multiply, &product);

    printf("%d * %d = %d\n", product.a, product.b, product.result);
    worker_join(worker);
}
