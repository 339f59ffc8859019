/* A heap that grows, is refused what is too much, and keeps what it holds. */
#include "show.h"
#include <stdint.h>
#include <unistd.h>

int main(void) {
    enum { BLOCKS = 40 };

    unsigned char *blocks[BLOCKS];
    for (int i = 0; i < BLOCKS; i++) {
        blocks[i] = malloc(4 << 20);
        if (!blocks[i]) {
            printf("no memory at %d\n", i);
            return 1;
        }
        memset(blocks[i], i + 1, 4 << 20);
    }
    unsigned long sum = 0;
    for (int i = 0; i < BLOCKS; i++)
        sum += blocks[i][i * 1000] + blocks[i][(4 << 20) - 1];
    printf("160 MiB: %lu\n", sum);
    /* memcpy and memmove of large and overlapping blocks */
    memcpy(blocks[0], blocks[39], 3 << 20);
    printf("copied: %d %d\n", blocks[0][(3 << 20) - 1], blocks[0][3 << 20]);
    for (int i = 0; i < 5000; i++)
        blocks[1][i] = (unsigned char)i;
    memmove(blocks[1] + 10, blocks[1], 4000);
    printf("moved: %d %d\n", blocks[1][10], blocks[1][4009]);
    volatile size_t huge = SIZE_MAX - 65536;
    void *volatile block = malloc(huge);
    printf("too much: %s\n", block ? "given" : "refused");
    void *aligned = NULL;
    printf("aligned: %d %d\n", posix_memalign(&aligned, 4096, 100), (int)((uintptr_t)aligned % 4096));
    blocks[2] = realloc(blocks[2], 9 << 20);
    printf("realloc: %d\n", blocks[2] && blocks[2][(4 << 20) - 1] == 3);
    for (int i = 0; i < BLOCKS; i++)
        free(blocks[i]);
    printf("page size: %d\n", sysconf(_SC_PAGESIZE) >= 4096);
    return 0;
}
