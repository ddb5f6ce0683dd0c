// Compare-and-set by two threads with the same expected value: exactly one
// wins, for numbers (lock-free) and for texts (locked). The same holds for two
// threads that set an absent key.
#include "check.h"
#include "shared_map.h"

enum { BUFFER = 8192 };

static SharedMap *map;

// The sets in which one thread was the winner.
typedef struct Sets {
    bool number, text, absent;
} Sets;

static Sets left, right;

static Sets set_all(int who)
{
    return (Sets){
        .number = shared_map_compare_and_set(map, "n", value_int(0),
                                             value_int(who)) == SHARED_MAP_OK,
        .text = shared_map_compare_and_set(map, "t", value_text("old"),
                                           value_int(who)) == SHARED_MAP_OK,
        .absent =
            shared_map_set_if_absent(map, "a", value_int(who)) == SHARED_MAP_OK,
    };
}

static void set_left(void)
{
    left = set_all(1);
}

static void set_right(void)
{
    right = set_all(2);
}

static void check_winner(const char *key, bool left_won, bool right_won)
{
    long long winner;
    CHECK(left_won != right_won);
    CHECK(shared_map_get_int(map, key, &winner) &&
          winner == (left_won ? 1 : 2));
}

int main(void)
{
    map = shared_map_new_sized(BUFFER);
    CHECK(shared_map_set_int(map, "n", 0));
    CHECK(shared_map_set_text(map, "t", "old"));
    TOGETHER(set_left, set_right);
    check_winner("n", left.number, right.number);
    check_winner("t", left.text, right.text);
    check_winner("a", left.absent, right.absent);
    shared_map_free(&map);
}
