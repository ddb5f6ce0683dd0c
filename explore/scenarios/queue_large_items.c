// Items of three words are copied as a whole, never torn.
#include "check.h"
#include "queue.h"

typedef struct Item {
    long first, second, third;
} Item;

static Queue *queue;

static void send(void)
{
    for (long i = 1; i <= 3; i++)
        CHECK(queue_send(queue, &(Item){ i, 10 * i, 100 * i }));
}

static void receive(void)
{
    for (long i = 1; i <= 3; i++) {
        Item item;
        CHECK(queue_receive(queue, &item));
        CHECK(item.first == i && item.second == 10 * i &&
              item.third == 100 * i);
    }
}

int main(void)
{
    queue = queue_new(1, sizeof(Item));
    TOGETHER(receive, send);
    queue_free(&queue);
}
