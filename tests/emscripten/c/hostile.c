/* Calls of sockets with pointers and lengths that are wrong. Natively they fail in the same way, or not at all. */
#include "show.h"
#include <netinet/in.h>
#include <poll.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

int main(void) {
    int udp = socket(AF_INET, SOCK_DGRAM, 0);
    struct sockaddr_in local = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    char byte = 0;
    void *nowhere = (void *)-16;
    socklen_t negative = -1, length = sizeof local;
    DONE(bind(udp, (struct sockaddr *)&local, -1));
    DONE(bind(udp, (struct sockaddr *)&local, 1));
    DONE(bind(udp, (struct sockaddr *)&local, 1000));
    DONE(bind(udp, nowhere, sizeof local));
    DONE(connect(udp, (struct sockaddr *)&local, 0x7fffffff));
    DONE(getsockname(udp, (struct sockaddr *)&local, &negative));
    DONE(getsockname(udp, nowhere, &length));
    DONE(getsockname(udp, (struct sockaddr *)&local, nowhere));
    DONE(getsockopt(udp, SOL_SOCKET, SO_TYPE, nowhere, &length));
    DONE(getsockopt(udp, SOL_SOCKET, SO_TYPE, &byte, &negative));
    DONE(sendto(udp, nowhere, 100, 0, (struct sockaddr *)&local, sizeof local));
    DONE(recvfrom(udp, nowhere, 100, MSG_DONTWAIT, NULL, NULL));
    DONE(recvfrom(udp, &byte, 1, MSG_DONTWAIT, (struct sockaddr *)&local, nowhere));
    struct iovec *many = calloc(1000000, sizeof *many);
    struct msghdr message = {.msg_iov = many, .msg_iovlen = 1000000};
    DONE(sendmsg(udp, &message, 0));
    DONE(recvmsg(udp, &message, MSG_DONTWAIT));
    message.msg_iovlen = -1;
    DONE(sendmsg(udp, &message, 0));
    message.msg_iov = nowhere;
    message.msg_iovlen = 4;
    DONE(sendmsg(udp, &message, 0));
    DONE(sendmsg(udp, nowhere, 0));
    struct iovec one = {nowhere, 100};
    message = (struct msghdr){.msg_iov = &one, .msg_iovlen = 1};
    DONE(recvmsg(udp, &message, MSG_DONTWAIT));
    one.iov_base = &byte;
    one.iov_len = 1;
    message.msg_name = &local;
    message.msg_namelen = -1;
    DONE(recvmsg(udp, &message, MSG_DONTWAIT));
    DONE(poll(nowhere, 4, 0));
    struct pollfd none = {closed(), POLLIN, 0};
    SHOW(poll(&none, 1, -1));
    SHOW(none.revents == POLLNVAL);
    fd_set set;
    FD_ZERO(&set);
    FD_SET(none.fd, &set);
    DONE(select(100, &set, NULL, NULL, NULL));
    DONE(select(-1, NULL, NULL, NULL, NULL));
    DONE(accept(udp, NULL, NULL));
    DONE(listen(udp, 1));
    return 0;
}
