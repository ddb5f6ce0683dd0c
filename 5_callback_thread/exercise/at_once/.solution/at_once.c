// One task asks what the square of 6 is, the other answers. The program
// should print "asked 6, told 36". Each task does its part, and still
// nothing is printed: the program is stuck.
#include <stdio.h>

#include "future.h"
#include "queue.h"

static void ask(Task *self)
{
    Queue *questions = *(Queue **)self->args;
    int question = 6;
    queue_send(questions, &question);
    task_return(self, value_int(question));
}

static void answer(Task *self)
{
    Queue *questions = *(Queue **)self->args;
    int question = 0;
    queue_receive(questions, &question);
    task_return(self, value_int(question * question));
}

int main(void)
{
    Queue *questions = queue_new(0, sizeof(int));

    Future *asker = future_start(ask, &questions, sizeof questions);
    Future *answerer = future_start(answer, &questions, sizeof questions);
    Value asked = future_await(asker);
    Value told = future_await(answerer);
    printf("asked %lld, told %lld\n", asked.integer, told.integer);

    future_join(&asker);
    future_join(&answerer);
    queue_free(&questions);
}
