// Two threads add to one number, at last too much for its word: the entry goes
// from an inline integer to one outside of the word, while the other thread may
// still add by compare-and-swap. Each sum is returned once, and none is lost.
#include "check.h"
#include "shared_map.h"

enum { BUFFER = 8192 };

static SharedMap *map;
static const long long large = 1LL << 46;
static long long sum_left, sum_right;

static void add_left(void)
{
    CHECK(shared_map_add(map, "n", 1, NULL) == SHARED_MAP_OK);
    CHECK(shared_map_add(map, "n", large, &sum_left) == SHARED_MAP_OK);
}

static void add_right(void)
{
    CHECK(shared_map_add(map, "n", 1, NULL) == SHARED_MAP_OK);
    CHECK(shared_map_add(map, "n", large, &sum_right) == SHARED_MAP_OK);
}

int main(void)
{
    long long sum;
    map = shared_map_new_sized(BUFFER);
    TOGETHER(add_left, add_right);
    CHECK(sum_left != sum_right);
    CHECK(shared_map_get_int(map, "n", &sum) && sum == 2 * large + 2);
    CHECK(shared_map_size(map) == 1);
    shared_map_free(&map);
}
