/* Options of sockets, time limits, shutdown: what is there from Emscripten 5 on. */
#include "show.h"
#include <netinet/in.h>
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

int main(void) {
    int tcp = socket(AF_INET, SOCK_STREAM, 0), value = 1;
    socklen_t length = sizeof value;
    DONE(setsockopt(tcp, SOL_SOCKET, SO_REUSEADDR, &value, sizeof value));
    DONE(setsockopt(tcp, IPPROTO_TCP, TCP_NODELAY, &value, sizeof value));
    value = 0;
    DONE(getsockopt(tcp, IPPROTO_TCP, TCP_NODELAY, &value, &length));
    SHOW(value);
    DONE(setsockopt(tcp, SOL_SOCKET, 9999, &value, sizeof value));
    DONE(setsockopt(tcp, SOL_SOCKET, SO_REUSEADDR, &value, 1));
    DONE(setsockopt(tcp, SOL_SOCKET, SO_REUSEADDR, &value, -1));
    struct linger linger = {1, 5};
    DONE(setsockopt(tcp, SOL_SOCKET, SO_LINGER, &linger, sizeof linger));
    linger.l_linger = 0;
    length = sizeof linger;
    DONE(getsockopt(tcp, SOL_SOCKET, SO_LINGER, &linger, &length));
    SHOW(linger.l_linger);
    struct timeval limit = {0, 30000};
    int udp = socket(AF_INET, SOCK_DGRAM, 0);
    struct sockaddr_in local = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    DONE(bind(udp, (struct sockaddr *)&local, sizeof local));
    DONE(setsockopt(udp, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit));
    limit.tv_usec = 0;
    length = sizeof limit;
    DONE(getsockopt(udp, SOL_SOCKET, SO_RCVTIMEO, &limit, &length));
    SHOW(length == sizeof limit && limit.tv_sec == 0 && limit.tv_usec > 0);
    SHOW(recv(udp, &value, sizeof value, 0));
    int server = socket(AF_INET, SOCK_STREAM, 0), client = socket(AF_INET, SOCK_STREAM, 0);
    DONE(bind(server, (struct sockaddr *)&local, sizeof local));
    DONE(listen(server, 1));
    length = sizeof local;
    getsockname(server, (struct sockaddr *)&local, &length);
    DONE(connect(client, (struct sockaddr *)&local, sizeof local));
    int served = accept(server, NULL, NULL);
    DONE(shutdown(client, SHUT_WR));
    SHOW(recv(served, &value, sizeof value, 0));
    SHOW(send(served, "x", 1, 0));
    SHOW(recv(client, &value, sizeof value, 0));
    SHOW(send(client, "x", 1, MSG_NOSIGNAL));
    DONE(shutdown(client, 7));
    DONE(shutdown(0, SHUT_WR));
    return 0;
}
