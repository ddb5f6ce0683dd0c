#include <stdint.h>
#include <stdio.h>

// The same four bytes, seen as numbers of two sizes.
typedef union Buffer {
    int8_t i8[4];
    uint16_t ui16[2];
} Buffer;

int main(void)
{
    Buffer buffer = { 0 };

    buffer.ui16[0] = 25837;

    printf("i8  : Int8Array(4) [ %d, %d, %d, %d ]\n", buffer.i8[0],
           buffer.i8[1], buffer.i8[2], buffer.i8[3]);
    printf("ui16: Uint16Array(2) [ %d, %d ]\n", buffer.ui16[0],
           buffer.ui16[1]);
}
