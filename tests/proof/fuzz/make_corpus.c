// make_corpus FOLDER: what libFuzzer begins with. Real maps, for each use of
// them, and a few patches.

#include "map_damage.h"
#include "map_input.h"

static const char *folder;

static FILE *new_file(const char *name, int number, InputUse input)
{
    char path[400];
    snprintf(path, sizeof path, "%s/%s-%d-%d", folder, name, number,
             (int)input);
    FILE *file = fopen(path, "wb");
    CHECK(file != NULL);
    CHECK_INT(fputc((int)input, file), (int)input);
    return file;
}

static void write_map(DamageMap kind, size_t size)
{
    static union {
        char bytes[DAMAGE_LARGE];
        SharedMap map;
    } buffer;
    make_for_damage(kind, buffer.bytes, size);
    for (int input = ATTACH_TO_BUFFER; input <= OVERWRITE_MAP; input++) {
        FILE *file = new_file(size == DAMAGE_SIZE ? "map" : "large", (int)kind,
                              (InputUse)input);
        CHECK_INT(fwrite(buffer.bytes, 1, size, file), size);
        CHECK_INT(fclose(file), 0);
    }
}

// Of one word each.
static void write_patches(DamageMap kind)
{
    const unsigned char patch[PATCH_SIZE] = { (unsigned char)(30 * kind), 0,
                                              1 };
    for (int input = PATCH_AND_ATTACH; input <= PATCH_WHILE_OPEN; input++) {
        FILE *file = new_file("patch", (int)kind, (InputUse)input);
        CHECK_INT(fputc((int)kind, file), (int)kind);
        CHECK_INT(fwrite(patch, 1, sizeof patch, file), sizeof patch);
        CHECK_INT(fclose(file), 0);
    }
}

int main(int argc, char *argv[])
{
    if (argc != 2)
        return EXIT_FAILURE;
    folder = argv[1];
    for (int kind = 0; kind < DAMAGE_MAPS; kind++) {
        write_map((DamageMap)kind, DAMAGE_SIZE);
        write_patches((DamageMap)kind);
    }
    write_map(MAP_WRITTEN_OFTEN, DAMAGE_LARGE);
}
