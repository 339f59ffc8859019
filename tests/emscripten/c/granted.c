/* Uses addresses, and says what it is told: "connect ADDRESS PORT", "listen ADDRESS PORT", "send ADDRESS PORT" and the like. */
#include "show.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

int main(int argc, char **argv) {
    for (int i = 1; i + 2 < argc; i += 3) {
        struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[i + 2]))};
        struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = htons(atoi(argv[i + 2]))};
        struct sockaddr_un unix_ = {.sun_family = AF_UNIX};
        struct sockaddr *address = (void *)&v4;
        socklen_t length = sizeof v4;
        if (strchr(argv[i + 1], ':')) {
            inet_pton(AF_INET6, argv[i + 1], &v6.sin6_addr);
            address = (void *)&v6;
            length = sizeof v6;
        } else if (argv[i + 1][0] == '@') {
            strcpy(unix_.sun_path + 1, argv[i + 1] + 1);
            address = (void *)&unix_;
            length = 2 + strlen(argv[i + 1]);
        } else if (strchr(argv[i + 1], '/')) {
            strcpy(unix_.sun_path, argv[i + 1]);
            address = (void *)&unix_;
            length = sizeof unix_;
        } else {
            inet_pton(AF_INET, argv[i + 1], &v4.sin_addr);
        }
        int datagrams = !strcmp(argv[i], "send") || !strcmp(argv[i], "receive");
        int made = socket(address->sa_family, datagrams ? SOCK_DGRAM : SOCK_STREAM, 0), result;
        if (!strcmp(argv[i], "connect")) result = connect(made, address, length);
        else if (!strcmp(argv[i], "send")) result = sendto(made, "x", 1, 0, address, length);
        else if (!strcmp(argv[i], "unbound")) result = listen(made, 1);
        else result = bind(made, address, length) || (!datagrams && listen(made, 1)) ? -1 : 0;
        printf("%s %s: %s\n", argv[i], argv[i + 1], result < 0 ? error_name(errno) : "ok");
    }
    return 0;
}
