/* The alarm clock, and timers that run out again and again. */
#include "show.h"
#include <signal.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t times;

static void handler(int number) {
    (void)number;
    times++;
}

int main(int argc, char **argv) {
    if (argc > 1 && !strcmp(argv[1], "default")) {
        alarm(1);
        printf("waits\n");
        fflush(stdout);
        for (int i = 0; i < 100; i++) usleep(100000);
        printf("not reached\n");
    }
    signal(SIGALRM, handler);
    SHOW(alarm(100));
    SHOW(alarm(1) >= 99);
    struct timespec time = {9, 0}, left = {0, 0};
    int failed = nanosleep(&time, &left);
    printf("%d, %s, left: %d, %d times\n", failed, failed ? error_name(errno) : "", left.tv_sec >= 5, (int)times);
    times = 0;
    struct itimerval timer = {{0, 20000}, {0, 50000}}, former;
    SHOW(setitimer(ITIMER_REAL, &timer, NULL));
    for (int i = 0; i < 1000 && times < 5; i++) usleep(10000);
    memset(&timer, 0, sizeof timer);
    SHOW(setitimer(ITIMER_REAL, &timer, &former));
    printf("interval: %d, ran out: %d\n", former.it_interval.tv_usec == 20000, times >= 5);
    int seen = times;
    usleep(100000);
    printf("stopped: %d\n", times == seen);
    return 0;
}
