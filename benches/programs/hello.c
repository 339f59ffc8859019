/* The smallest program that says something, for WASI. */
#include <stdio.h>

int main(void) {
    puts("hello, world");
    return 0;
}
