/* Signals that a program sends itself, what it blocks, and sleep. */
#include "show.h"
#include <signal.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t last, times, depth, deepest;

static void handler(int number) {
    last = number;
    times++;
}

/* Sends itself another signal, whose handler runs inside of this one. */
static void outer(int number) {
    depth++;
    raise(SIGUSR2);
    depth--;
    last = number;
}

static void inner(int number) {
    last = number;
    if (depth > deepest) deepest = depth;
}

static void detailed(int number, siginfo_t *information, void *context) {
    (void)context;
    last = number;
    times += information ? 10 : 100;
}

static double now(clockid_t clock) {
    struct timespec time;
    clock_gettime(clock, &time);
    return time.tv_sec * 1e3 + time.tv_nsec / 1e6;
}

int main(void) {
    SHOW(signal(SIGUSR1, handler) == SIG_DFL);
    SHOW(raise(SIGUSR1));
    printf("%d times\n", (int)times);
    SHOW(signal(SIGUSR1, SIG_IGN) == handler);
    SHOW(raise(SIGUSR1));
    printf("%d times\n", (int)times);

    struct sigaction action, former;
    memset(&action, 0, sizeof action);
    action.sa_sigaction = detailed;
    action.sa_flags = SA_SIGINFO;
    SHOW(sigaction(SIGUSR2, &action, &former));
    SHOW(former.sa_handler == SIG_DFL);
    SHOW(kill(getpid(), SIGUSR2));
    printf("%d times\n", (int)times);

    sigset_t set, before, waiting;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR2);
    sigaddset(&set, SIGTERM);
    SHOW(sigprocmask(SIG_BLOCK, &set, &before));
    raise(SIGUSR2);
    printf("blocked: %d times\n", (int)times);
    SHOW(sigpending(&waiting));
    SHOW(sigismember(&waiting, SIGUSR2));
    SHOW(sigprocmask(SIG_SETMASK, &before, NULL));
    printf("unblocked: %d times\n", (int)times);

    signal(SIGUSR1, outer);
    signal(SIGUSR2, inner);
    raise(SIGUSR1);
    printf("deepest %d, last the outer one: %d\n", (int)deepest, last == SIGUSR1);

    /* What they do by default is nothing. */
    SHOW(raise(SIGCHLD));
    SHOW(raise(SIGWINCH));
    SHOW(sigaction(1000, &action, NULL));

    double wall = now(CLOCK_MONOTONIC), work = now(CLOCK_PROCESS_CPUTIME_ID);
    SHOW(usleep(300000));
    wall = now(CLOCK_MONOTONIC) - wall;
    work = now(CLOCK_PROCESS_CPUTIME_ID) - work;
    printf("slept: %d, worked: %d\n", wall >= 300 && wall < 3000, work > 150);
    struct timespec wrong = {0, 1000000000}, none = {0, 0};
    SHOW(nanosleep(&wrong, NULL));
    SHOW(nanosleep(&none, NULL));
    printf("%s\n", error_name(clock_nanosleep(CLOCK_MONOTONIC, 0, &wrong, NULL)));
    struct timespec past = {1, 0};
    SHOW(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &past, NULL));
    struct timespec soon;
    wall = now(CLOCK_MONOTONIC);
    clock_gettime(CLOCK_MONOTONIC, &soon);
    soon.tv_nsec += 50000000;
    if (soon.tv_nsec >= 1000000000) soon.tv_nsec -= 1000000000, soon.tv_sec++;
    SHOW(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &soon, NULL));
    wall = now(CLOCK_MONOTONIC) - wall;
    printf("slept: %d\n", wall >= 50 && wall < 3000);
    return 0;
}
