/* Clocks and the calendar. The time zone is given by TZ; without it, by the machine. */
#include "show.h"
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static void calendar(time_t time) {
    char text[128];
    struct tm *local = localtime(&time);
    strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S %Z %z %a %b %j %U", local);
    printf("local %lld: %s, dst %d, offset %ld\n", (long long)time, text, local->tm_isdst, local->tm_gmtoff);
    struct tm copy = *local;
    printf("mktime: %lld\n", (long long)mktime(&copy));
    struct tm *utc = gmtime(&time);
    strftime(text, sizeof text, "%A %d %B %Y %I:%M:%S %p %e %H%%", utc);
    printf("utc: %s\n", text);
    copy = *utc;
    printf("timegm: %lld\n", (long long)timegm(&copy));
    printf("asctime: %s", asctime(utc));
}

int main(void) {
    struct timespec a, b, r;
    DONE(clock_gettime(CLOCK_REALTIME, &a));
    printf("after 2020: %d\n", a.tv_sec > 1577836800);
    DONE(clock_gettime(CLOCK_MONOTONIC, &a));
    usleep(20000);
    DONE(clock_gettime(CLOCK_MONOTONIC, &b));
    double ms = (b.tv_sec - a.tv_sec) * 1e3 + (b.tv_nsec - a.tv_nsec) / 1e6;
    printf("slept: %s\n", ms >= 19.9 && ms < 2000 ? "20 ms" : "wrong");
    DONE(clock_getres(CLOCK_MONOTONIC, &r));
    printf("resolution: %d\n", r.tv_sec == 0 && r.tv_nsec > 0 && r.tv_nsec <= 1000000);
    DONE(clock_gettime(12345, &a));
    struct timeval now;
    DONE(gettimeofday(&now, NULL));
    printf("same second: %d\n", llabs((long long)now.tv_sec - (long long)time(NULL)) <= 1);
    r.tv_sec = 0;
    r.tv_nsec = 5000000;
    DONE(nanosleep(&r, NULL));
    clock_t used = clock();
    printf("clock: %d\n", used != (clock_t)-1);
    tzset();
    printf("TZ %s: %s %s %ld %d\n", getenv("TZ") ? getenv("TZ") : "(none)", tzname[0], tzname[1], timezone,
           daylight);
    calendar(0);
    calendar(1700000000);
    calendar(1720000000);
    calendar(951782400); /* 29 February 2000 */
    struct tm when = {.tm_year = 124, .tm_mon = 13, .tm_mday = 35, .tm_hour = 12, .tm_isdst = -1};
    time_t normal = mktime(&when);
    printf("normalised: %d-%d-%d, weekday %d, %d\n", when.tm_year, when.tm_mon, when.tm_mday, when.tm_wday,
           normal != -1);
    struct tm read = {0};
    char *rest = strptime("2024-02-29 12:34:56", "%Y-%m-%d %H:%M:%S", &read);
    printf("strptime: %d %d %d %d [%s]\n", read.tm_year, read.tm_mon, read.tm_mday, read.tm_sec,
           rest ? rest : "-");
    printf("time_t of %d bytes or more: %d\n", 4, sizeof(time_t) >= 4);
    return 0;
}
