/* TCP: server and client. Without arguments both, one after the other; "server" and "client PORT" are two processes. */
#include "show.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

static struct sockaddr_in local = {.sin_family = AF_INET};

static void address(const char *what, struct sockaddr_in *of) {
    char text[64];
    printf("%s: %s, port %s\n", what, inet_ntop(AF_INET, &of->sin_addr, text, sizeof text), of->sin_port ? "given" : "none");
}

static int listener(void) {
    int server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    local.sin_port = 0;
    if (bind(server, (struct sockaddr *)&local, sizeof local) || listen(server, 5)) {
        printf("no server: %s\n", error_name(errno));
        exit(1);
    }
    socklen_t length = sizeof local;
    getsockname(server, (struct sockaddr *)&local, &length);
    return server;
}

static void echo(int connection) {
    char buffer[100];
    ssize_t bytes;
    while ((bytes = read(connection, buffer, sizeof buffer)) > 0)
        if (write(connection, buffer, bytes) != bytes) break;
    close(connection);
}

static void both(void) {
    int server = listener();
    int client = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
    DONE(connect(client, (struct sockaddr *)&local, sizeof local));
    struct sockaddr_in peer = {0};
    socklen_t length = sizeof peer;
    int served = accept(server, (struct sockaddr *)&peer, &length);
    SHOW(length);
    address("accepted from", &peer);
    length = sizeof peer;
    DONE(getpeername(client, (struct sockaddr *)&peer, &length));
    SHOW(peer.sin_port == local.sin_port);
    DONE(getpeername(server, (struct sockaddr *)&peer, &length));
    DONE(connect(client, (struct sockaddr *)&local, sizeof local));
    length = 4;
    int type = 0;
    DONE(getsockopt(client, SOL_SOCKET, SO_TYPE, &type, &length));
    SHOW(type == SOCK_STREAM);
    char buffer[64] = {0};
    SHOW(send(client, "hello", 5, 0));
    SHOW(recv(served, buffer, 2, MSG_PEEK));
    SHOW(recv(served, buffer, sizeof buffer, MSG_DONTWAIT));
    puts(buffer);
    SHOW(recv(served, buffer, sizeof buffer, MSG_DONTWAIT));
    struct iovec parts[2] = {{"gather", 6}, {"ed", 2}};
    struct msghdr message = {.msg_iov = parts, .msg_iovlen = 2};
    SHOW(sendmsg(served, &message, 0));
    char a[4] = {0}, b[8] = {0};
    struct iovec into[2] = {{a, 3}, {b, 7}};
    struct msghdr received = {.msg_iov = into, .msg_iovlen = 2, .msg_flags = -1};
    SHOW(recvmsg(client, &received, 0));
    printf("%s|%s %d\n", a, b, received.msg_flags);
    struct pollfd fds[3] = {{served, POLLIN | POLLOUT, 0}, {server, POLLIN, 0}, {-1, POLLIN, 77}};
    SHOW(poll(fds, 3, 0));
    printf("%x %x %x\n", fds[0].revents, fds[1].revents, fds[2].revents);
    SHOW(write(client, "x", 1));
    SHOW(poll(fds, 1, 1000));
    printf("%x\n", fds[0].revents);
    fd_set readable, writable;
    FD_ZERO(&readable); FD_ZERO(&writable);
    FD_SET(served, &readable); FD_SET(client, &readable); FD_SET(client, &writable);
    SHOW(select(served + 1, &readable, &writable, NULL, NULL));
    printf("%d %d %d\n", !!FD_ISSET(served, &readable), !!FD_ISSET(client, &readable), !!FD_ISSET(client, &writable));
    struct timeval little = {0, 20000};
    FD_ZERO(&readable); FD_SET(client, &readable);
    SHOW(select(client + 1, &readable, NULL, NULL, &little));
    SHOW(FD_ISSET(client, &readable));
    SHOW(recv(served, buffer, sizeof buffer, 0));
    int other = dup(served);
    close(served);
    SHOW(write(other, "last", 4));
    close(other);
    memset(buffer, 0, sizeof buffer);
    SHOW(recv(client, buffer, sizeof buffer, MSG_WAITALL));
    puts(buffer);
    SHOW(recv(client, buffer, sizeof buffer, 0));
    close(client);
    /* a peer that resets: it closes while something is unread */
    client = socket(AF_INET, SOCK_STREAM, 0);
    DONE(connect(client, (struct sockaddr *)&local, sizeof local));
    served = accept(server, NULL, NULL);
    SHOW(send(client, "unread", 6, 0));
    fds[0].fd = served;
    SHOW(poll(fds, 1, 1000));
    close(served);
    fds[0].fd = client;
    fds[0].events = POLLIN;
    SHOW(poll(fds, 1, 1000));
    SHOW(recv(client, buffer, sizeof buffer, 0));
    SHOW(send(client, "x", 1, MSG_NOSIGNAL));
    close(client);
    /* a port in use, and one that nobody listens at */
    int second = socket(AF_INET, SOCK_STREAM, 0);
    DONE(bind(second, (struct sockaddr *)&local, sizeof local));
    close(second);
    close(server);
    client = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    int result = connect(client, (struct sockaddr *)&local, sizeof local);
    if (result && errno == EINPROGRESS) {
        fds[0].fd = client;
        fds[0].events = POLLOUT;
        poll(fds, 1, 1000);
        length = sizeof result;
        getsockopt(client, SOL_SOCKET, SO_ERROR, &result, &length);
        errno = result;
    }
    printf("nobody listens: %s\n", error_name(errno));
    close(client);
}

static void not_blocking(void) {
    int server = listener();
    int client = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    char byte;
    if (connect(client, (struct sockaddr *)&local, sizeof local) && errno != EINPROGRESS) puts(error_name(errno));
    struct pollfd one = {client, POLLOUT, 0};
    SHOW(poll(&one, 1, 1000));
    int error = -1;
    socklen_t length = sizeof error;
    DONE(getsockopt(client, SOL_SOCKET, SO_ERROR, &error, &length));
    SHOW(error);
    SHOW(read(client, &byte, 1));
    int served = accept(server, NULL, NULL);
    static char block[1 << 16];
    while (write(client, block, sizeof block) > 0);
    puts(error_name(errno));
    one.revents = 0;
    SHOW(poll(&one, 1, 0));
    close(client);
    close(served);
    close(server);
}

int main(int argc, char **argv) {
    local.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (argc == 1) {
        both();
        not_blocking();
        DONE(send(closed(), "x", 1, 0));
        DONE(socket(12345, SOCK_STREAM, 0));
        DONE(bind(0, (struct sockaddr *)&local, sizeof local));
        DONE(socket(AF_INET, SOCK_STREAM, IPPROTO_UDP));
    } else if (!strcmp(argv[1], "server")) {
        int server = listener();
        printf("%d\n", ntohs(local.sin_port));
        fflush(stdout);
        for (int left = argc > 2 ? atoi(argv[2]) : 1; left; left--) echo(accept(server, NULL, NULL));
    } else {
        local.sin_port = htons(atoi(argv[2]));
        int client = socket(AF_INET, SOCK_STREAM, 0);
        DONE(connect(client, (struct sockaddr *)&local, sizeof local));
        char buffer[16] = {0};
        if (write(client, "echo this", 9) == 9 && read(client, buffer, sizeof buffer) > 0) puts(buffer);
    }
    return 0;
}
