/* Arguments, environment, standard streams, the exit status. */
#include "show.h"
#include <unistd.h>
extern char **environ;

static void at_exit(void) {
    printf("at exit\n");
}

int main(int argc, char **argv) {
    atexit(at_exit);
    printf("hello, world\n");
    printf("%d arguments\n", argc - 1);
    for (int i = 1; i < argc; i++)
        printf("  [%s]\n", argv[i]);
    const char *value = getenv("GREETING");
    printf("GREETING %s\n", value ? value : "is not set");
    setenv("OTHER", "set", 1);
    printf("OTHER %s\n", getenv("OTHER"));
    int variables = 0;
    while (environ[variables])
        variables++;
    printf("an environment: %s\n", variables > 0 ? "yes" : "no");
    fprintf(stderr, "to standard error\n");
    char line[256];
    while (fgets(line, sizeof line, stdin))
        printf("read: %s", line);
    printf("%.17g %Lg %lld\n", 0.1, 1.5L, 1LL << 40);
    printf("not flushed");
    return argc > 1 ? atoi(argv[1]) : 0;
}
