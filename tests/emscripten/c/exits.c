/* The ways to end. */
#include "show.h"
#include <assert.h>
#include <unistd.h>

static void first(void) {
    printf("first handler\n");
}

static void second(void) {
    printf("second handler\n");
}

__attribute__((constructor)) static void before(void) {
    printf("constructor\n");
}

__attribute__((destructor)) static void after(void) {
    printf("destructor\n");
}

int main(int argc, char **argv) {
    atexit(first);
    atexit(second);
    setvbuf(stdout, NULL, _IOFBF, 4096);
    printf("in a buffer\n");
    const char *how = argc > 1 ? argv[1] : "return";
    if (!strcmp(how, "exit"))
        exit(3);
    if (!strcmp(how, "_exit")) {
        fflush(stdout);
        _exit(4);
    }
    if (!strcmp(how, "_Exit")) {
        fflush(stdout);
        _Exit(5);
    }
    if (!strcmp(how, "abort")) {
        fflush(stdout);
        abort();
    }
    if (!strcmp(how, "assert")) {
        fflush(stdout);
        assert(argc == 0 && "as it must");
    }
    if (!strcmp(how, "trap")) {
        fflush(stdout);
        __builtin_trap();
    }
    if (!strcmp(how, "large"))
        return 300;
    return 6;
}
