/* Names of hosts: "HOST [SERVICE]" in the arguments. */
#define _GNU_SOURCE
#include "show.h"
#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

static const char *result_name(int result) {
    switch (result) {
    case 0: return "found";
    case EAI_NONAME: return "EAI_NONAME";
    /* Which of the two it is differs between C libraries. */
    case EAI_NODATA: case EAI_ADDRFAMILY: return "EAI_NODATA";
    case EAI_AGAIN: return "EAI_AGAIN";
    case EAI_FAMILY: return "EAI_FAMILY";
    case EAI_SERVICE: return "EAI_SERVICE";
    case EAI_BADFLAGS: return "EAI_BADFLAGS";
    case EAI_SOCKTYPE: return "EAI_SOCKTYPE";
    case EAI_OVERFLOW: return "EAI_OVERFLOW";
    }
    return "another error";
}

static void look_up(const char *host, const char *service, struct addrinfo hints) {
    struct addrinfo *list = NULL;
    int result = getaddrinfo(host, service, &hints, &list);
    printf("%s %s: %s\n", host ? host : "-", service ? service : "-", result_name(result));
    if (result) return;
    for (struct addrinfo *each = list; each; each = each->ai_next) {
        char name[64], port[16];
        int error = getnameinfo(each->ai_addr, each->ai_addrlen, name, sizeof name, port, sizeof port, NI_NUMERICHOST | NI_NUMERICSERV);
        printf("  %d %d %d %s %s %s\n", each->ai_family, each->ai_socktype, each->ai_protocol, error ? "?" : name, port,
               each->ai_canonname ? each->ai_canonname : "");
    }
    freeaddrinfo(list);
}

int main(int argc, char **argv) {
    struct addrinfo any = {0}, stream = {.ai_socktype = SOCK_STREAM};
    if (argc > 1) {
        look_up(argv[1], argc > 2 ? argv[2] : NULL, stream);
        return 0;
    }
    any.ai_socktype = SOCK_DGRAM;
    look_up("127.0.0.1", "8080", any);
    look_up("::1", "80", stream);
    stream.ai_flags = AI_PASSIVE;
    look_up(NULL, "80", stream);
    stream.ai_flags = AI_CANONNAME;
    stream.ai_family = AF_INET;
    look_up("10.1.2.3", NULL, stream);
    look_up("::1", NULL, stream);
    stream.ai_flags = AI_NUMERICHOST;
    look_up("localhost", NULL, stream);
    look_up(NULL, NULL, stream);
    stream.ai_family = 77;
    look_up("127.0.0.1", NULL, stream);
    stream = (struct addrinfo){.ai_socktype = 77};
    look_up("127.0.0.1", NULL, stream);
    stream = (struct addrinfo){.ai_socktype = SOCK_STREAM, .ai_family = AF_INET};
    look_up("localhost", "1", stream);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(0x7f000001), .sin_port = htons(80)};
    char name[64], port[16];
    printf("%s\n", result_name(getnameinfo((void *)&address, sizeof address, name, 4, port, sizeof port, NI_NUMERICHOST)));
    printf("%s\n", result_name(getnameinfo((void *)&address, 4, name, sizeof name, port, sizeof port, NI_NUMERICHOST)));
    struct protoent *protocol = getprotobyname("tcp");
    printf("%s %d\n", protocol ? protocol->p_name : "-", protocol ? protocol->p_proto : -1);
    printf("%d\n", getprotobyname("nonsense") != NULL);
    struct hostent *host = gethostbyname("127.0.0.1");
    if (host) printf("%d %d %s\n", host->h_addrtype, host->h_length, inet_ntop(AF_INET, host->h_addr_list[0], name, sizeof name));
    return 0;
}
