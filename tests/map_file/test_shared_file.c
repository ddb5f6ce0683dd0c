// The calls of maps in files at their bounds: sizes that no file has, memory
// that no file is mapped to, and pointers that are NULL.

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "map_file/shared_file.h"
#include "shared_map_file.h"
#include "test.h"

// The page before the mapping must fit, too.
TEST(too_large, "a mapping that no address space holds is refused with errno")
{
    int file = open("/dev/null", O_RDWR);
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    const size_t sizes[] = { SIZE_MAX, SIZE_MAX - page + 1, SIZE_MAX - page,
                             SIZE_MAX / 8 * 7 };
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        errno = 0;
        CHECK(shared_file_map(file, sizes[i], FILE_FIND) == NULL);
        CHECK_INT(errno, ENOMEM);
    }
    close(file);
}

TEST(no_file, "memory that is no file's is not taken for a file's")
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    char *memory = calloc(2, page);
    CHECK(memory != NULL);
    CHECK_INT(shared_file_of(memory + page), -1);
    free(memory);
}

static void close_null(void)
{
    shared_map_close(NULL);
}

static void close_twice(void)
{
    SharedMap *map = NULL;
    shared_map_close(&map);
}

TEST(null, "to close NULL dies, and says so")
{
    CHECK_DIES(close_null, "shared_map_close: ");
    CHECK_DIES(close_twice, "shared_map_close: ");
}

// In a process that has called no macro of call_site.h before.
static void close_through_pointer(void)
{
    void (*volatile through)(SharedMap **) = (shared_map_close);
    through(NULL);
}

TEST(null_pointer, "without a call site the sentence names the map alone")
{
    CHECK_DIES(close_through_pointer, "map: ");
}
