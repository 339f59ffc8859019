/* Ends by a signal that it sends itself. */
#include "show.h"
#include <signal.h>
#include <unistd.h>

static void handler(int number) {
    printf("handled\n");
    fflush(stdout);
    signal(number, SIG_DFL);
    raise(number);
}

int main(int argc, char **argv) {
    int number = atoi(argv[1]);
    if (argc > 2) signal(number, handler);
    printf("begins\n");
    fflush(stdout);
    kill(getpid(), number);
    printf("not reached\n");
    return 0;
}
