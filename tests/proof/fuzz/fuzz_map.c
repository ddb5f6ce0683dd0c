// For libFuzzer: maps of any bytes, in memory between two guard pages. The
// fuzzer makes up inputs, keeps those that reach new places in the code, and
// goes on from there. If such a map opens without an error, every call is made
// on it.

#include "map_damage.h"
#include "map_input.h"

static Guarded guarded;
static char whole[DAMAGE_MAPS][DAMAGE_SIZE];

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
bool __wrap_common_random_fill(void *memory, size_t size);

// In place of the library's: an input does the same in every process.
bool __wrap_common_random_fill(void *memory, size_t size)
{
    for (size_t i = 0; i < size; i++)
        ((unsigned char *)memory)[i] = (unsigned char)(i * 77 + 123);
    return true;
}

// The maps that are patched.
static void make_whole(DamageMap kind, char *buffer)
{
    SharedMap *map = guarded_copy(guarded, true, buffer, DAMAGE_SIZE);
    make_for_damage(kind, map, DAMAGE_SIZE);
    memcpy(buffer, map, DAMAGE_SIZE);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    guarded = guarded_new(DAMAGE_LARGE);
    for (int kind = 0; kind < DAMAGE_MAPS; kind++)
        make_whole((DamageMap)kind, whole[kind]);
    return 0;
}

static void use(SharedMap *map, size_t size, bool alone)
{
    if (map_problem(map, size, alone, DEADLINE_NEVER) != SHARED_MAP_NO_PROBLEM)
        return;
    use_without_lock(map);
    use_with_lock(map);
}

// The sizes are trusted once they have been looked at, and the lock always is.
static bool may_change(size_t at)
{
    const SharedMap *map = (const SharedMap *)whole[MAP_EMPTY];
    size_t lock = offsetof(SharedMap, block) + offsetof(Block, lock);
    size_t sizes = offsetof(SharedMap, block) + offsetof(Block, table_bytes);
    size_t in_table = (at - sizeof *map) % map->block.table_bytes;
    if (at < sizeof *map)
        return at >= offsetof(SharedMap, block) && at / 8 != sizes / 8 &&
               at < lock;
    return in_table < offsetof(Table, size) ||
           in_table >= offsetof(Table, line_of_writers);
}

static void overwrite(const uint8_t *data, size_t size)
{
    SharedMap *map =
        guarded_copy(guarded, true, whole[MAP_OF_ALL], DAMAGE_SIZE);
    for (size_t at = 0; at < size && at < DAMAGE_SIZE; at++)
        if (may_change(at))
            ((uint8_t *)map)[at] = data[at];
    use_without_lock(map);
}

static void patch(char *bytes, const uint8_t *data, size_t size, bool in_use)
{
    for (; size >= PATCH_SIZE; data += PATCH_SIZE, size -= PATCH_SIZE) {
        size_t at = (data[0] | data[1] << 8) % (DAMAGE_SIZE / 8) * 8;
        for (size_t i = 0; i < 8; i++)
            if (!in_use || may_change(at + i))
                bytes[at + i] ^= (char)data[2 + i];
    }
}

static void patch_and_use(InputUse input, const uint8_t *data, size_t size)
{
    char bytes[DAMAGE_SIZE];
    if (size == 0)
        return;
    memcpy(bytes, whole[data[0] % DAMAGE_MAPS], sizeof bytes);
    patch(bytes, data + 1, size - 1, input == PATCH_WHILE_OPEN);
    SharedMap *map = guarded_copy(guarded, true, bytes, sizeof bytes);
    if (input == PATCH_WHILE_OPEN)
        use_without_lock(map);
    else
        use(map, sizeof bytes, input == PATCH_AND_OPEN);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    InputUse input = size > 0 ? data[0] % INPUT_USES : ATTACH_TO_BUFFER;
    size_t rest = size > 0 ? size - 1 : 0;
    if (input >= PATCH_AND_ATTACH) {
        patch_and_use(input, data + 1, rest);
    } else if (input == OVERWRITE_MAP) {
        overwrite(data + 1, rest);
    } else if (rest <= DAMAGE_LARGE) {
        use(guarded_copy(guarded, true, data + 1, rest), rest,
            input == OPEN_BUFFER);
    }
    return 0;
}
