/* What a program asks about itself and the machine. Printed is only what is the same everywhere. */
#include "show.h"
#include <locale.h>
#include <pwd.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

int main(void) {
    SHOW(getpid() > 0);
    SHOW(getppid() >= 0);
    SHOW(getuid() < 1u << 31);
    SHOW(geteuid() == getuid());
    SHOW(getgid() < 1u << 31);
    SHOW(getegid() == getgid());
    struct utsname name;
    SHOW(uname(&name));
    SHOW(name.sysname[0] != 0);
    char host[256];
    SHOW(gethostname(host, sizeof host));
    unsigned char bytes[64] = {0};
    int zero = 0;
    SHOW(getentropy(bytes, sizeof bytes));
    for (int i = 0; i < 64; i++)
        zero += bytes[i] == 0;
    printf("random: %d\n", zero < 16);
    DONE(getentropy(bytes, 257));
    struct rlimit limit;
    SHOW(getrlimit(RLIMIT_NOFILE, &limit));
    struct rusage usage;
    SHOW(getrusage(RUSAGE_SELF, &usage));
    SHOW(sysconf(_SC_NPROCESSORS_ONLN) > 0);
    SHOW(sysconf(_SC_OPEN_MAX) > 16);
    mode_t mask = umask(027);
    umask(mask);
    SHOW(umask(mask) == mask);
    SHOW(setlocale(LC_ALL, "") != NULL);
    struct termios terminal;
    SHOW(tcgetattr(0, &terminal) == (isatty(0) ? 0 : -1));
    double load[3];
    SHOW(getloadavg(load, 3) >= -1);
    return 0;
}
