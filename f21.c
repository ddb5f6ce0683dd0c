#include <stdio.h>
#include "shared_map_file.h"
int main(int argc, char **argv) {
    SharedMap *map = shared_map_open(argv[1], argc > 2 ? 256 << 10 : 0, NULL);
    char key[20];
    for (int i = 0; i < (argc > 2 ? 1 : 3000); i++) { sprintf(key, "k%d", i); if (!shared_map_set_int(map, key, i)) return 2; }
    return 0;
}
