// A library that uses the system, for the tests of what it reaches.
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define EXPORT(name) __attribute__((export_name(#name))) int name

EXPORT(say)(void) {
    puts("said");
    return fflush(stdout);
}

// The number of bytes of the file, or -1.
static int size(const char *path) {
    char bytes[100];
    int file = open(path, O_RDONLY);
    int count = file < 0 ? -1 : (int)read(file, bytes, sizeof bytes);
    close(file);
    return count;
}

EXPORT(read_file)(void) { return size("/data/file"); }

EXPORT(escape)(void) { return size("/data/../secret"); }

// 1 for the variable that was fixed at build, 2 for the process's.
EXPORT(environment)(void) { return (getenv("FIXED") ? 1 : 0) + (getenv("SEEN") ? 2 : 0); }

EXPORT(close_output)(void) { return close(1); }

__attribute__((export_name("leave"))) void leave(int status) { _Exit(status); }
