/* The alarm clock, for a handler and to end the program. */
#include "show.h"
#include <signal.h>
#include <unistd.h>

static volatile sig_atomic_t last, times;

static void handler(int number) {
    last = number;
    times++;
}

int main(void) {
    signal(SIGALRM, handler);
    SHOW(alarm(100));
    SHOW(alarm(1));
    for (int i = 0; i < 3000 && !times; i++)
        usleep(1000);
    printf("alarm: %s %d\n", last == SIGALRM ? "SIGALRM" : "none", (int)times);
    SHOW(alarm(50));
    SHOW(alarm(0));
    SHOW(alarm(0));
    return 0;
}
