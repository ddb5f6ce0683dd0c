// A task makes a number of a text, and fails when the text is none. Main
// prints what came of each text: its number, or the error of its task.
//
// Only "12" is printed. The other text is gone, without any message.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "future.h"

static void read_number(Task *self)
{
    const char *text = self->args;
    char *end;
    long long number = strtoll(text, &end, 10);
    if (*end == '\0')
        task_return(self, value_int(number));
    else
        task_return_error(self, "Error: %s is not a number", text);
}

static void show(const char *text)
{
    Future *future = future_start(read_number, text, strlen(text) + 1);

    // TODO: no result is lost
    Value value = future_await(future);
    if (value.type == VALUE_INT)
        printf("%lld\n", value.integer);

    future_join(&future);
}

int main(void)
{
    show("12");
    show("twelve");
}
