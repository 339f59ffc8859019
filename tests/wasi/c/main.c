/* The C guest of the WASI tests: what wasi-libc makes of the system interface. The first argument says what to do;
   what it finds wrong is printed and becomes exit status 1. */

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define CHECK(condition)                                                                        \
    do {                                                                                        \
        if (!(condition)) {                                                                     \
            fprintf(stderr, "%s:%d: %s (errno %d)\n", __FILE__, __LINE__, #condition, errno);   \
            exit(1);                                                                            \
        }                                                                                       \
    } while (0)

static void standard_input_output(void) {
    FILE *file = fopen("/box/text", "w+");
    CHECK(file != NULL);
    for (int line = 0; line < 1000; line++)
        CHECK(fprintf(file, "line %d %.3f\n", line, line / 8.0) > 0);
    CHECK(fflush(file) == 0);
    CHECK(fseek(file, 0, SEEK_SET) == 0);
    char buffer[64];
    int lines = 0;
    while (fgets(buffer, sizeof buffer, file))
        lines++;
    CHECK(lines == 1000 && feof(file) && !ferror(file));
    CHECK(strcmp(buffer, "line 999 124.875\n") == 0);
    CHECK(fseek(file, -8, SEEK_END) == 0 && fgetc(file) == '1');
    CHECK(fclose(file) == 0);
    file = fopen("/box/text", "a");
    CHECK(file != NULL && fputs("end\n", file) >= 0 && fclose(file) == 0);
    struct stat status;
    CHECK(stat("/box/text", &status) == 0 && S_ISREG(status.st_mode));
    CHECK(fopen("/box/absent", "r") == NULL && errno == ENOENT);
    CHECK(fopen("/box/text", "wx") == NULL && errno == EEXIST);
    CHECK(remove("/box/text") == 0 && access("/box/text", F_OK) == -1);
}

static void vectors(void) {
    int file = open("/box/vectors", O_RDWR | O_CREAT | O_TRUNC, 0644);
    CHECK(file >= 0);
    struct iovec out[2] = {{"hello ", 6}, {"vectors", 7}};
    CHECK(writev(file, out, 2) == 13);
    char one[4], two[9];
    struct iovec in[2] = {{one, 4}, {two, 9}};
    CHECK(lseek(file, 0, SEEK_SET) == 0 && readv(file, in, 2) == 13);
    CHECK(memcmp(one, "hell", 4) == 0 && memcmp(two, "o vectors", 9) == 0);
    CHECK(pwrite(file, "J", 1, 0) == 1 && lseek(file, 0, SEEK_CUR) == 13);
    CHECK(pread(file, one, 4, 0) == 4 && memcmp(one, "Jell", 4) == 0);
    CHECK(ftruncate(file, 5) == 0 && lseek(file, 0, SEEK_END) == 5);
    CHECK(close(file) == 0 && close(file) == -1 && errno == EBADF);
}

static void directories(void) {
    CHECK(mkdir("/box/d", 0755) == 0 && mkdir("/box/d", 0755) == -1 && errno == EEXIST);
    for (int number = 0; number < 40; number++) {
        char name[32];
        snprintf(name, sizeof name, "/box/d/entry%d", number);
        int file = open(name, O_WRONLY | O_CREAT, 0644);
        CHECK(file >= 0 && close(file) == 0);
    }
    DIR *directory = opendir("/box/d");
    CHECK(directory != NULL);
    int seen = 0;
    long middle = 0;
    char after_middle[256] = "";
    for (struct dirent *entry; (entry = readdir(directory));) {
        if (entry->d_name[0] == '.')
            continue;
        CHECK(entry->d_type == DT_REG);
        if (seen == 21)
            strcpy(after_middle, entry->d_name);
        if (++seen == 21)
            middle = telldir(directory);
    }
    CHECK(seen == 40);
    seekdir(directory, middle);
    struct dirent *entry = readdir(directory);
    CHECK(entry && strcmp(entry->d_name, after_middle) == 0);
    rewinddir(directory);
    CHECK(readdir(directory) != NULL && closedir(directory) == 0);
    CHECK(rmdir("/box/d") == -1 && errno == ENOTEMPTY);
    CHECK(opendir("/box/absent") == NULL && errno == ENOENT);
    CHECK(open("/box/d", O_WRONLY) == -1 && errno == EISDIR);
}

static void links(void) {
    int file = open("/box/target", O_WRONLY | O_CREAT | O_TRUNC, 0644);
    CHECK(file >= 0 && write(file, "x", 1) == 1 && close(file) == 0);
    CHECK(symlink("target", "/box/symbolic") == 0 && link("/box/target", "/box/hard") == 0);
    char buffer[16];
    CHECK(readlink("/box/symbolic", buffer, sizeof buffer) == 6 && memcmp(buffer, "target", 6) == 0);
    struct stat one, two;
    CHECK(lstat("/box/symbolic", &one) == 0 && S_ISLNK(one.st_mode));
    CHECK(stat("/box/symbolic", &one) == 0 && stat("/box/hard", &two) == 0);
    CHECK(one.st_ino == two.st_ino && one.st_nlink == 2);
    CHECK(rename("/box/hard", "/box/moved") == 0 && access("/box/hard", F_OK) == -1);
    CHECK(unlink("/box/symbolic") == 0 && access("/box/target", R_OK | W_OK) == 0);
    struct timespec times[2] = {{1000000000, 5}, {1100000000, 7}};
    CHECK(utimensat(AT_FDCWD, "/box/target", times, 0) == 0 && stat("/box/target", &one) == 0);
    CHECK(one.st_atim.tv_sec == 1000000000 && one.st_mtim.tv_sec == 1100000000 && one.st_mtim.tv_nsec == 7);
}

static void outside(void) {
    CHECK(open("/outside/secret", O_RDONLY) == -1);
    CHECK(open("/box/../outside/secret", O_RDONLY) == -1);
    CHECK(open("/box/link-to-secret", O_RDONLY) == -1);
    CHECK(open("/etc/passwd", O_RDONLY) == -1);
}

static void memory(void) {
    /* Grows the memory several times over and finds everything zeroed and in place. */
    enum { BLOCKS = 64, BYTES = 1 << 20 };
    unsigned char *blocks[BLOCKS];
    for (int block = 0; block < BLOCKS; block++) {
        blocks[block] = calloc(1, BYTES);
        CHECK(blocks[block] != NULL);
        for (int offset = 0; offset < BYTES; offset += 4096)
            CHECK(blocks[block][offset] == 0);
        memset(blocks[block], block, BYTES);
    }
    for (int block = 0; block < BLOCKS; block++)
        CHECK(blocks[block][0] == block && blocks[block][BYTES - 1] == block);
    void *huge = malloc((size_t)4 << 30 >> 1);
    (void)huge; /* Whether 2 GiB are there depends on the limit; asking must not end the program. */
}

static void clocks(void) {
    struct timespec start, end, pause = {0, 20000000};
    CHECK(clock_gettime(CLOCK_MONOTONIC, &start) == 0 && nanosleep(&pause, NULL) == 0);
    CHECK(clock_gettime(CLOCK_MONOTONIC, &end) == 0);
    int64_t waited = (end.tv_sec - start.tv_sec) * INT64_C(1000000000) + end.tv_nsec - start.tv_nsec;
    CHECK(waited >= 20000000);
    time_t now = time(NULL);
    CHECK(now > 1600000000 && gmtime(&now)->tm_year > 119);
    struct pollfd standard_output = {1, POLLOUT, 0};
    CHECK(poll(&standard_output, 1, 1000) == 1 && standard_output.revents & POLLOUT);
}

/* What can be asked and changed of an open file, wherever it is. */
static void flags(const char *path) {
    int file = open(path, O_RDONLY), other = open(path, O_RDONLY | O_NONBLOCK | O_SYNC);
    CHECK(file >= 0 && other >= 0);
    const int watched = O_ACCMODE | O_APPEND | O_NONBLOCK | O_SYNC;
    CHECK((fcntl(file, F_GETFL) & watched) == O_RDONLY);
    CHECK((fcntl(other, F_GETFL) & watched) == (O_RDONLY | O_NONBLOCK | O_SYNC));
    CHECK(fcntl(file, F_SETFL, O_NONBLOCK | O_APPEND) == 0);
    CHECK((fcntl(file, F_GETFL) & watched) == (O_RDONLY | O_NONBLOCK | O_APPEND));
    CHECK(fcntl(file, F_SETFL, O_APPEND) == 0);
    CHECK((fcntl(file, F_GETFL) & watched) == (O_RDONLY | O_APPEND));
    CHECK((fcntl(other, F_GETFL) & watched) == (O_RDONLY | O_NONBLOCK | O_SYNC));
    char byte;
    CHECK(read(file, &byte, 1) == 1 && read(other, &byte, 1) == 1);
    CHECK(close(file) == 0 && close(other) == 0);
}

static void said_at_exit(void) { puts("at exit"); }

int main(int count, char **arguments) {
    CHECK(count > 1);
    const char *what = arguments[1];
    if (strcmp(what, "files") == 0) {
        standard_input_output();
        vectors();
        directories();
        links();
        outside();
    } else if (strcmp(what, "memory") == 0) {
        memory();
    } else if (strcmp(what, "clocks") == 0) {
        clocks();
    } else if (strcmp(what, "flags") == 0) {
        flags(arguments[2]);
    } else if (strcmp(what, "exit") == 0) {
        atexit(said_at_exit);
        return atoi(arguments[2]);
    } else if (strcmp(what, "abort") == 0) {
        abort();
    } else if (strcmp(what, "environment") == 0) {
        const char *value = getenv(arguments[2]);
        puts(value ? value : "(unset)");
    } else {
        CHECK(!"the guest cannot do this");
    }
    return 0;
}
