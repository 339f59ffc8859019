/* Mapped files, private and shared, and anonymous memory. */
#include "show.h"
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

int main(void) {
    static char text[200001];
    for (int i = 0; i < 200000; i++)
        text[i] = 'a' + i % 26;
    int fd = open("mapped", O_RDWR | O_CREAT | O_TRUNC, 0600);
    SHOW(write(fd, text, 200000));
    char *map = mmap(NULL, 200000, PROT_READ, MAP_PRIVATE, fd, 0);
    printf("mapped: %s\n", map == MAP_FAILED ? error_name(errno) : "ok");
    SHOW(memcmp(map, text, 200000));
    SHOW((long)((unsigned long)map % 4096));
    SHOW(munmap(map, 200000));
    /* an offset: pages of WebAssembly have 64 KiB */
    map = mmap(NULL, 1000, PROT_READ, MAP_PRIVATE, fd, 65536);
    SHOW(memcmp(map, text + 65536, 1000));
    SHOW(munmap(map, 1000));
    /* shared and written */
    map = mmap(NULL, 100, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    memcpy(map, "SHARED", 6);
    SHOW(msync(map, 100, MS_SYNC));
    char start[8] = {0};
    SHOW(pread(fd, start, 7, 0));
    printf("%s\n", start);
    memcpy(map, "UNMAPP", 6);
    SHOW(munmap(map, 100));
    SHOW(pread(fd, start, 7, 0));
    printf("%s\n", start);
    /* private and written: the file keeps what it has */
    map = mmap(NULL, 100, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
    map[0] = 'p';
    SHOW(munmap(map, 100));
    SHOW(pread(fd, start, 7, 0));
    printf("%s\n", start);
    /* the descriptor may be closed before */
    map = mmap(NULL, 10, PROT_READ, MAP_PRIVATE, fd, 0);
    SHOW(close(fd));
    printf("%.6s\n", map);
    SHOW(munmap(map, 10));
    /* what cannot be */
    printf("bad fd: %s\n",
           mmap(NULL, 10, PROT_READ, MAP_PRIVATE, closed(), 0) == MAP_FAILED ? error_name(errno) : "mapped");
    fd = open("mapped", O_WRONLY);
    printf("not readable: %s\n",
           mmap(NULL, 10, PROT_READ, MAP_PRIVATE, fd, 0) == MAP_FAILED ? error_name(errno) : "mapped");
    close(fd);
    fd = open("mapped", O_RDONLY);
    printf("shared, not writable: %s\n",
           mmap(NULL, 10, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0) == MAP_FAILED ? error_name(errno)
                                                                                   : "mapped");
    printf("no length: %s\n",
           mmap(NULL, 0, PROT_READ, MAP_PRIVATE, fd, 0) == MAP_FAILED ? error_name(errno) : "mapped");
    close(fd);
    unlink("mapped");
    /* anonymous */
    unsigned char *memory = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    unsigned sum = 0;
    for (int i = 0; i < 1 << 20; i++)
        sum += memory[i];
    printf("zero: %u\n", sum);
    memory[12345] = 1;
    SHOW(munmap(memory, 1 << 20));
    return 0;
}
