/* Asks for a checkpoint, and finds out whether the clocks that the C library keeps count from the new process. */

#define _WASI_EMULATED_PROCESS_CLOCKS

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/times.h>
#include <time.h>
#include <unistd.h>

#define CHECK(condition)                                        \
    do {                                                        \
        if (!(condition)) {                                     \
            printf("%d: %s\n", __LINE__, #condition);           \
            exit(1);                                            \
        }                                                       \
    } while (0)

/* The process has hardly begun; systems have been running for longer than this. */
static const double SOON = 10;

static double seconds(clock_t time) { return (double)time / CLOCKS_PER_SEC; }

static double processor_time(void) {
    struct rusage usage;
    CHECK(getrusage(RUSAGE_SELF, &usage) == 0);
    return usage.ru_utime.tv_sec + usage.ru_utime.tv_usec / 1e6;
}

int main(void) {
    clock_t before = clock();
    int file = open("/.adder/checkpoint", O_RDONLY);
    char answer[4096];
    while (file >= 0 && read(file, answer, sizeof answer) > 0)
        continue;
    clock_t after = clock();
    CHECK(before >= 0 && after >= before);
    CHECK(seconds(after) < SOON && seconds(after - before) < SOON);
    struct timespec start, now;
    CHECK(clock_gettime(CLOCK_MONOTONIC, &start) == 0);
    struct tms times_of_process;
    CHECK(times(&times_of_process) != (clock_t)-1);
    CHECK(seconds(times_of_process.tms_utime) < SOON && processor_time() < SOON);
    /* All of them go on, by the same measure. */
    do
        CHECK(clock_gettime(CLOCK_MONOTONIC, &now) == 0);
    while ((now.tv_sec - start.tv_sec) * 1000000000LL + (now.tv_nsec - start.tv_nsec) < 50000000);
    CHECK(seconds(clock() - after) >= 0.05 && processor_time() >= 0.05);
    puts("fine");
    return 0;
}
