/* Pipes, poll and select. */
#include "show.h"
#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

int main(void) {
    int ends[2];
    SHOW(pipe(ends));
    struct stat st;
    SHOW(fstat(ends[0], &st));
    SHOW(S_ISFIFO(st.st_mode) != 0);
    SHOW(isatty(ends[0]));
    SHOW(lseek(ends[0], 0, SEEK_CUR));
    SHOW(fcntl(ends[0], F_GETPIPE_SZ));
    SHOW(fcntl(ends[1], F_SETPIPE_SZ, 8192));
    SHOW(fcntl(ends[0], F_GETPIPE_SZ));
    DONE(fcntl(ends[1], F_SETPIPE_SZ, -1));
    struct pollfd fds[3] = {{ends[0], POLLIN, 0}, {ends[1], POLLOUT, 0}, {-1, POLLIN, 0}};
    SHOW(poll(fds, 3, 0));
    printf("%x %x %x\n", fds[0].revents, fds[1].revents, fds[2].revents);
    double before = now();
    SHOW(poll(fds, 1, 30));
    double waited = now() - before;
    printf("waited: %s\n", waited >= 29.5 && waited < 3000 ? "30 ms" : "wrong");
    SHOW(write(ends[1], "through the pipe", 16));
    SHOW(poll(fds, 2, -1));
    printf("%x %x\n", fds[0].revents, fds[1].revents);
    int ready = -1;
    SHOW(ioctl(ends[0], FIONREAD, &ready));
    SHOW(ready);
    fd_set r, w;
    FD_ZERO(&r);
    FD_ZERO(&w);
    FD_SET(ends[0], &r);
    FD_SET(ends[1], &w);
    struct timeval wait = {1, 0};
    SHOW(select(ends[1] + 1, &r, &w, NULL, &wait));
    SHOW(FD_ISSET(ends[0], &r) != 0);
    SHOW(FD_ISSET(ends[1], &w) != 0);
    char text[32] = {0};
    SHOW(read(ends[0], text, 7));
    SHOW(read(ends[0], text + 7, 20));
    printf("%s\n", text);
    FD_ZERO(&r);
    FD_SET(ends[0], &r);
    wait.tv_sec = 0;
    wait.tv_usec = 20000;
    before = now();
    SHOW(select(ends[0] + 1, &r, NULL, NULL, &wait));
    SHOW(FD_ISSET(ends[0], &r) != 0);
    waited = now() - before;
    printf("waited: %s\n", waited >= 19.5 && waited < 3000 ? "20 ms" : "wrong");
    SHOW(fcntl(ends[0], F_SETFL, O_NONBLOCK));
    SHOW(read(ends[0], text, 1));
    int on = 0;
    SHOW(ioctl(ends[0], FIONBIO, &on));
    SHOW((fcntl(ends[0], F_GETFL) & O_NONBLOCK) != 0);
    int file = open("regular", O_CREAT | O_RDWR, 0600);
    fds[0].fd = file;
    fds[0].events = POLLIN | POLLOUT;
    fds[1].fd = closed();
    SHOW(poll(fds, 2, 0));
    printf("%x %x\n", fds[0].revents, fds[1].revents);
    close(file);
    unlink("regular");
    FD_ZERO(&r);
    FD_SET(closed(), &r);
    wait.tv_sec = 0;
    SHOW(select(100, &r, NULL, NULL, &wait));
    SHOW(close(ends[1]));
    fds[0].fd = ends[0];
    fds[0].events = POLLIN;
    SHOW(poll(fds, 1, 0));
    printf("hang up: %d\n", (fds[0].revents & POLLHUP) != 0);
    SHOW(read(ends[0], text, 1));
    SHOW(close(ends[0]));
    SHOW(select(0, NULL, NULL, NULL, &wait));
    return 0;
}
