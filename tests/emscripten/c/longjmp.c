/* setjmp and longjmp, through functions and out of callbacks. (longjmp(env, 0) gives 0 in Emscripten 3.1.6, against the standard: not tested.) */
#include "show.h"
#include <setjmp.h>
#include <signal.h>
static jmp_buf outer, inner;

static int depth(int n) {
    if (n == 0)
        longjmp(outer, 7);
    return depth(n - 1) + 1;
}

static int compare(const void *a, const void *b) {
    if (*(const int *)a == 3 || *(const int *)b == 3)
        longjmp(inner, 4);
    return *(const int *)a - *(const int *)b;
}

int main(void) {
    volatile int count = 0;
    int value = setjmp(outer);
    printf("setjmp: %d, count %d\n", value, count);
    if (value == 0) {
        count = 5;
        printf("%d\n", depth(1000));
    }
    int numbers[] = {9, 8, 7, 3, 2, 1};
    if ((value = setjmp(inner)) == 0) {
        qsort(numbers, 6, sizeof *numbers, compare);
        printf("sorted\n");
    } else
        printf("out of qsort: %d\n", value);
    for (volatile int i = 0; i < 3; i++) {
        if (!setjmp(inner)) {
            if (i == 1)
                longjmp(inner, 1);
            printf("straight %d\n", i);
        } else
            printf("jumped %d\n", i);
    }
    sigjmp_buf saved;
    if (!sigsetjmp(saved, 1))
        siglongjmp(saved, 2);
    else
        printf("siglongjmp\n");
    long total = 0;
    for (volatile int i = 0; i < 20000; i++)
        if (!setjmp(inner))
            longjmp(inner, 1);
        else
            total++;
    printf("%ld jumps\n", total);
    return 0;
}
