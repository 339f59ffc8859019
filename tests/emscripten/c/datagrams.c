/* UDP and Unix sockets for datagrams, and IPv6. */
#include "show.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

int main(void) {
    struct sockaddr_in6 local = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT}, from;
    int one = socket(AF_INET6, SOCK_DGRAM, 0), other = socket(AF_INET6, SOCK_DGRAM, IPPROTO_UDP);
    DONE(bind(one, (struct sockaddr *)&local, sizeof local));
    socklen_t length = sizeof local;
    DONE(getsockname(one, (struct sockaddr *)&local, &length));
    SHOW(length);
    char text[64], buffer[16] = {0};
    puts(inet_ntop(AF_INET6, &local.sin6_addr, text, sizeof text));
    SHOW(sendto(other, "datagram", 8, 0, (struct sockaddr *)&local, sizeof local));
    length = sizeof from;
    SHOW(recvfrom(one, buffer, 4, MSG_TRUNC, (struct sockaddr *)&from, &length));
    SHOW(length);
    puts(buffer);
    puts(inet_ntop(AF_INET6, &from.sin6_addr, text, sizeof text));
    SHOW(sendto(one, "", 0, 0, (struct sockaddr *)&from, sizeof from));
    SHOW(recv(other, buffer, sizeof buffer, 0));
    DONE(connect(other, (struct sockaddr *)&local, sizeof local));
    SHOW(send(other, "again", 5, 0));
    struct iovec into = {buffer, sizeof buffer};
    struct msghdr message = {.msg_name = &from, .msg_namelen = 4, .msg_iov = &into, .msg_iovlen = 1};
    SHOW(recvmsg(one, &message, 0));
    SHOW(message.msg_namelen);
    struct sockaddr none = {.sa_family = AF_UNSPEC};
    DONE(connect(other, &none, sizeof none));
    SHOW(send(other, "x", 1, 0));

    struct sockaddr_un name = {.sun_family = AF_UNIX, .sun_path = "./socket"}, who;
    int server = socket(AF_UNIX, SOCK_DGRAM, 0), client = socket(AF_UNIX, SOCK_DGRAM, 0);
    DONE(bind(server, (struct sockaddr *)&name, sizeof name));
    DONE(bind(client, (struct sockaddr *)&name, sizeof name));
    strcpy(name.sun_path, "./client");
    DONE(bind(client, (struct sockaddr *)&name, sizeof name));
    strcpy(name.sun_path, "./socket");
    SHOW(sendto(client, "unix", 4, 0, (struct sockaddr *)&name, sizeof name));
    length = sizeof who;
    memset(&who, 0, sizeof who);
    SHOW(recvfrom(server, buffer, sizeof buffer, 0, (struct sockaddr *)&who, &length));
    puts(who.sun_path);
    strcpy(name.sun_path, "./none");
    SHOW(sendto(client, "unix", 4, 0, (struct sockaddr *)&name, sizeof name));
    unlink("./client");
    unlink("./socket");

    int streams = socket(AF_UNIX, SOCK_STREAM, 0), connected = socket(AF_UNIX, SOCK_STREAM, 0);
    strcpy(name.sun_path, "./stream");
    DONE(bind(streams, (struct sockaddr *)&name, sizeof name));
    DONE(listen(streams, 1));
    DONE(connect(connected, (struct sockaddr *)&name, sizeof name));
    int served = accept(streams, NULL, NULL);
    SHOW(write(connected, "stream", 6));
    memset(buffer, 0, sizeof buffer);
    SHOW(read(served, buffer, sizeof buffer));
    puts(buffer);
    length = sizeof who;
    memset(&who, 0, sizeof who);
    DONE(getpeername(connected, (struct sockaddr *)&who, &length));
    SHOW(length);
    puts(who.sun_path);
    unlink("./stream");
    return 0;
}
