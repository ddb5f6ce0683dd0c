#include <stdio.h>
#include <stdlib.h>

#include "future.h"

// The thread opens the file, reads it and closes it; main gets the text.
static void read_file(Task *self)
{
    FILE *file = fopen(self->args, "r");
    if (file == NULL) {
        task_return_error(self, "Thread Error: cannot open %s",
                          (const char *)self->args);
        return;
    }

    char text[4096];
    size_t size = fread(text, 1, sizeof text - 1, file);
    text[size] = '\0';
    fclose(file);
    task_return(self, value_text(text));
}

int main(void)
{
    Future *future = future_start(read_file, __FILE__, sizeof __FILE__);

    Value value = future_await(future);
    if (value.type == VALUE_ERROR)
        fprintf(stderr, "%s\n", value.text);
    else
        printf("%s", value.text);

    int status = value.type == VALUE_ERROR ? EXIT_FAILURE : EXIT_SUCCESS;
    future_join(&future);
    return status;
}
