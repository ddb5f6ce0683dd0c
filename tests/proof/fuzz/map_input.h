// The meaning of the bytes of an input.

#ifndef MAP_INPUT_H
#define MAP_INPUT_H

#include <stddef.h>
#include <stdint.h>

// The first byte says what is done. All others are a buffer, for the first
// three of these, or patches to a map of ours, of the kind that the second byte
// says.
typedef enum InputUse {
    ATTACH_TO_BUFFER,
    OPEN_BUFFER,    // as a file that no other process has open
    OVERWRITE_MAP,  // that we have already, with these bytes
    PATCH_AND_ATTACH,
    PATCH_AND_OPEN,
    PATCH_WHILE_OPEN,
    INPUT_USES
} InputUse;

// Changes some bits of one word of a map.
enum { PATCH_SIZE = 2 + 8 };

#endif
