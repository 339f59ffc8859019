/* The smallest program that says something, in C. */
#include <stdio.h>

int main(void) {
    puts("hello, world");
    return 0;
}
