/* Is told of a signal from outside while it does what the first argument says. The second says what its handler wants. */
#include "show.h"
#include <setjmp.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t times, running;
static const char *wanted;

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1e3 + time.tv_nsec / 1e6;
}

static void handler(int number) {
    (void)number;
    if (!strcmp(wanted, "reads")) {
        /* The signal comes again meanwhile, and has to wait. */
        char byte = '?';
        printf("running %d\n", (int)running);
        running++;
        fflush(stdout);
        long count = read(0, &byte, 1);
        printf("read %ld: %c\n", count, byte);
        fflush(stdout);
        running--;
    }
    times++;
}

static void ready(void) {
    printf("ready\n");
    fflush(stdout);
}

int main(int argc, char **argv) {
    const char *what = argv[1];
    wanted = argc > 2 ? argv[2] : "";
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = strcmp(wanted, "ignores") ? handler : SIG_IGN;
    if (!strcmp(wanted, "restarts")) action.sa_flags = SA_RESTART;
    if (strcmp(wanted, "default")) sigaction(SIGUSR1, &action, NULL);
    if (!strcmp(wanted, "default again")) {
        action.sa_handler = SIG_DFL;
        sigaction(SIGUSR1, &action, NULL);
    }
    if (!strcmp(what, "read")) {
        char bytes[16];
        ready();
        SHOW(read(0, bytes, sizeof bytes));
    } else if (!strcmp(what, "sleep")) {
        ready();
        unsigned left = sleep(9);
        printf("left: %d\n", left >= 5);
    } else if (!strcmp(what, "nanosleep")) {
        struct timespec time = {9, 0}, left = {0, 0};
        ready();
        int failed = nanosleep(&time, &left);
        printf("%d, %s, left: %d\n", failed, failed ? error_name(errno) : "", left.tv_sec >= 5);
    } else if (!strcmp(what, "until")) {
        struct timespec time;
        clock_gettime(CLOCK_MONOTONIC, &time);
        time.tv_sec += 9;
        ready();
        printf("%s\n", error_name(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL)));
    } else if (!strcmp(what, "calls")) {
        ready();
        double start = now();
        while (!times && now() - start < 5000) {}
    } else if (!strcmp(what, "computation")) {
        ready();
        for (volatile unsigned number = 0; !times; number++) {}
    }
    printf("%d times\n", (int)times);
    return 0;
}
