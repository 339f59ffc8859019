/* A pair of sockets, as Python makes one where the C library has none. "port" only says where it listens. */
#include "show.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

static void pair(struct sockaddr *local, socklen_t size) {
    int server = socket(local->sa_family, SOCK_STREAM, 0);
    DONE(bind(server, local, size));
    DONE(listen(server, 2));
    socklen_t length = size;
    DONE(getsockname(server, local, &length));
    SHOW(length);
    int client = socket(local->sa_family, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (connect(client, local, size) && errno != EINPROGRESS) puts(error_name(errno));
    struct sockaddr_storage one, other;
    length = sizeof one;
    int served = accept(server, (struct sockaddr *)&one, &length);
    SHOW(length);
    length = sizeof other;
    DONE(getsockname(client, (struct sockaddr *)&other, &length));
    SHOW(memcmp(&one, &other, length));
    length = sizeof other;
    DONE(getsockname(served, (struct sockaddr *)&other, &length));
    SHOW(memcmp(local, &other, length));
    length = sizeof other;
    DONE(getpeername(client, (struct sockaddr *)&other, &length));
    SHOW(memcmp(local, &other, length));
    DONE(getpeername(server, (struct sockaddr *)&other, &length));
    int value = -1;
    length = sizeof value;
    DONE(getsockopt(client, SOL_SOCKET, SO_TYPE, &value, &length));
    SHOW(value == SOCK_STREAM);
    char buffer[8] = {0};
    SHOW(recv(client, buffer, 1, 0));
    SHOW(send(served, "there", 5, 0));
    struct pollfd one_poll = {client, POLLIN, 0};
    SHOW(poll(&one_poll, 1, 1000));
    SHOW(recv(client, buffer, sizeof buffer, 0));
    SHOW(write(client, "back", 4));
    SHOW(read(served, buffer, sizeof buffer));
    close(client);
    SHOW(read(served, buffer, sizeof buffer));
    close(served);
    close(server);
}

int main(int argc, char **argv) {
    struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (argc > 1) {
        int server = socket(AF_INET, SOCK_STREAM, 0);
        bind(server, (struct sockaddr *)&v4, sizeof v4);
        listen(server, 1);
        socklen_t length = sizeof v4;
        getsockname(server, (struct sockaddr *)&v4, &length);
        printf("%d\n", ntohs(v4.sin_port));
        return 0;
    }
    pair((struct sockaddr *)&v4, sizeof v4);
    return 0;
}
