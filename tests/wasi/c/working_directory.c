/* Uses relative paths, and says what came of each. With an argument it goes to that directory first, which makes the linker keep
   `chdir` too: that is how a program gets to know its working directory. */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void say(const char *what, int result) {
    printf("%s: %s\n", what, result < 0 ? strerror(errno) : "ok");
}

int main(int count, char **arguments) {
    if (count > 1)
        say("chdir", chdir(arguments[1]));
    int file = open("made", O_WRONLY | O_CREAT, 0666);
    say("create", file);
    if (file >= 0)
        say("write", write(file, "text", 4) == 4 && close(file) == 0 ? 0 : -1);
    struct stat status;
    say("stat", stat("made", &status));
    say("mkdir", mkdir("folder", 0777));
    say("nested", open("folder/nested", O_WRONLY | O_CREAT, 0666));
    say("beside", open("../beside", O_RDONLY));
    return 0;
}
