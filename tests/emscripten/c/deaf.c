/* Handles a signal, and calls nothing in whose course it could be told. */
#include "show.h"
#include <signal.h>

static volatile sig_atomic_t times;

static void handler(int number) {
    (void)number;
    times++;
}

int main(void) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = handler;
    sigaction(SIGINT, &action, NULL);
    printf("ready\n");
    fflush(stdout);
    for (volatile unsigned number = 0; !times; number++) {}
    printf("told\n");
    return 0;
}
