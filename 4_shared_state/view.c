#include <stdint.h>
#include <stdio.h>

// The same four bytes, seen as numbers of two sizes.
typedef union Buffer {
    int8_t i8[4];
    uint16_t ui16[2];
} Buffer;

int main(void)
{
    Buffer b = { 0 };

    b.ui16[0] = 25837;

    printf("i8  : Int8Array(4) [ %d, %d, %d, %d ]\n", b.i8[0], b.i8[1],
           b.i8[2], b.i8[3]);
    printf("ui16: Uint16Array(2) [ %d, %d ]\n", b.ui16[0], b.ui16[1]);
}
