/* Everything that a program does with files. Run in an empty folder. */
#include "show.h"
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>
#include <utime.h>

static int by_name(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void list(const char *path) {
    DIR *directory = opendir(path);
    if (!directory) {
        printf("opendir %s: %s\n", path, error_name(errno));
        return;
    }
    char *names[64];
    int count = 0;
    for (struct dirent *entry; (entry = readdir(directory)) && count < 64;) {
        const char *type = entry->d_type == DT_DIR    ? "/"
                           : entry->d_type == DT_LNK  ? "@"
                           : entry->d_type == DT_FIFO ? "|"
                                                      : "";
        names[count] = malloc(strlen(entry->d_name) + 2);
        sprintf(names[count++], "%s%s", entry->d_name, type);
    }
    closedir(directory);
    qsort(names, count, sizeof *names, by_name);
    printf("%s:", path);
    for (int i = 0; i < count; i++) {
        printf(" %s", names[i]);
        free(names[i]);
    }
    printf("\n");
}

static void status(const char *what, int result, const struct stat *st) {
    if (result < 0) {
        printf("%s: %s\n", what, error_name(errno));
        return;
    }
    const char *type = S_ISREG(st->st_mode)    ? "file"
                       : S_ISDIR(st->st_mode)  ? "folder"
                       : S_ISLNK(st->st_mode)  ? "link"
                       : S_ISCHR(st->st_mode)  ? "device"
                       : S_ISFIFO(st->st_mode) ? "fifo"
                                               : "other";
    if (S_ISREG(st->st_mode))
        printf("%s: %s %o, %lld bytes, %d links\n", what, type, (int)st->st_mode & 07777,
               (long long)st->st_size, (int)st->st_nlink);
    else
        printf("%s: %s %o\n", what, type, (int)st->st_mode & 07777);
}

int main(void) {
    struct stat st, other;
    char buffer[PATH_MAX];
    umask(022);
    /* open, write, read, seek */
    int fd = open("a.txt", O_RDWR | O_CREAT | O_EXCL, 0640);
    printf("open: %s\n", fd < 0 ? error_name(errno) : "ok");
    SHOW(write(fd, "hello, files\n", 13));
    SHOW(lseek(fd, 0, SEEK_SET));
    memset(buffer, 0, sizeof buffer);
    SHOW(read(fd, buffer, 5));
    printf("[%s]\n", buffer);
    SHOW(lseek(fd, 0, SEEK_CUR));
    SHOW(lseek(fd, -6, SEEK_END));
    SHOW(lseek(fd, -60, SEEK_END));
    SHOW(pwrite(fd, "FILES", 5, 7));
    memset(buffer, 0, sizeof buffer);
    SHOW(pread(fd, buffer, 64, 0));
    printf("[%s]\n", buffer);
    struct iovec parts[2] = {{"one,", 4}, {"two\n", 4}};
    SHOW(lseek(fd, 0, SEEK_END));
    SHOW(writev(fd, parts, 2));
    char left[6] = {0}, right[8] = {0};
    struct iovec into[2] = {{left, 5}, {right, 7}};
    SHOW(lseek(fd, 0, SEEK_SET));
    SHOW(readv(fd, into, 2));
    printf("[%s][%s]\n", left, right);
    status("fstat", fstat(fd, &st), &st);
    DONE(open("a.txt", O_RDWR | O_CREAT | O_EXCL, 0640));
    DONE(open("missing", O_RDONLY));
    DONE(open("a.txt/b", O_RDONLY));
    DONE(open(".", O_WRONLY));
    DONE(read(closed(), buffer, 1));
    DONE(close(closed()));
    /* size */
    SHOW(ftruncate(fd, 5000000000LL));
    status("grown", fstat(fd, &st), &st);
    SHOW(lseek(fd, 4999999999LL, SEEK_SET) == 4999999999LL);
    SHOW(write(fd, "!", 1));
    SHOW(truncate("a.txt", 21));
    status("cut", stat("a.txt", &st), &st);
    SHOW(ftruncate(fd, -1));
    DONE(posix_fallocate(fd, 0, 100) ? -1 : 0);
    status("allocated", stat("a.txt", &st), &st);
    SHOW(truncate("a.txt", 21));
    DONE(posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL) ? -1 : 0);
    DONE(fsync(fd));
    DONE(fdatasync(fd));
    /* descriptors */
    int copy = dup(fd);
    SHOW(copy > fd);
    SHOW(lseek(fd, 3, SEEK_SET));
    SHOW(lseek(copy, 0, SEEK_CUR));
    SHOW(dup2(fd, 20));
    SHOW(dup2(fd, fd) == fd);
    SHOW(fcntl(fd, F_DUPFD, 30));
    SHOW(fcntl(30, F_GETFD));
    SHOW(fcntl(fd, F_GETFL) & O_ACCMODE);
    SHOW(fcntl(closed(), F_GETFD));
    SHOW(fcntl(fd, F_SETFL, O_APPEND));
    SHOW((fcntl(fd, F_GETFL) & O_APPEND) != 0);
    SHOW(write(fd, "end\n", 4));
    SHOW(lseek(fd, 0, SEEK_CUR));
    SHOW(close(copy));
    SHOW(close(20));
    SHOW(close(30));
    SHOW(isatty(fd));
    DONE(ioctl(fd, TIOCGWINSZ, buffer));
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    DONE(fcntl(fd, F_SETLK, &lock));
    lock.l_type = F_UNLCK;
    DONE(fcntl(fd, F_SETLK, &lock));
    /* times */
    struct timespec times[2] = {{1000000000, 123000000}, {1234567890, 987000000}};
    DONE(futimens(fd, times));
    DONE(fstat(fd, &st));
    printf("%lld.%09ld %lld.%09ld\n", (long long)st.st_atim.tv_sec, st.st_atim.tv_nsec,
           (long long)st.st_mtim.tv_sec, st.st_mtim.tv_nsec);
    times[0].tv_nsec = UTIME_OMIT;
    times[1].tv_sec = 1111111111;
    DONE(utimensat(AT_FDCWD, "a.txt", times, 0));
    DONE(stat("a.txt", &st));
    printf("%lld %lld\n", (long long)st.st_atime, (long long)st.st_mtime);
    struct utimbuf both = {1, 2000000000};
    DONE(utime("a.txt", &both));
    DONE(stat("a.txt", &st));
    printf("%lld %lld\n", (long long)st.st_atime, (long long)st.st_mtime);
    SHOW(close(fd));
    SHOW(close(fd));
    /* modes */
    DONE(chmod("a.txt", 0400));
    status("chmod", stat("a.txt", &st), &st);
    SHOW(access("a.txt", R_OK));
    SHOW(access("missing", F_OK));
    SHOW(access("a.txt", X_OK));
    fd = open("a.txt", O_RDONLY);
    DONE(fchmod(fd, 0644));
    status("fchmod", stat("a.txt", &st), &st);
    SHOW(write(fd, "x", 1));
    close(fd);
    DONE(fchmodat(AT_FDCWD, "a.txt", 0600, 0));
    status("fchmodat", stat("a.txt", &st), &st);
    stat("a.txt", &st);
    DONE(chown("a.txt", st.st_uid, st.st_gid));
    /* folders */
    DONE(mkdir("d", 0755));
    DONE(mkdir("d", 0755));
    DONE(mkdir("d/e", 0700));
    DONE(mkdir("x/y", 0700));
    status("d", stat("d", &st), &st);
    fd = open("d/f", O_CREAT | O_WRONLY, 0666);
    SHOW(write(fd, "ff", 2));
    close(fd);
    status("d/f", stat("d/f", &st), &st);
    list(".");
    list("d");
    list("missing");
    DONE(rename("d/f", "d/g"));
    DONE(rename("missing", "d/g"));
    DONE(rename("d/g", "g"));
    list("d");
    DONE(rmdir("d"));
    DONE(rmdir("g"));
    DONE(unlink("d"));
    DONE(unlink("missing"));
    SHOW(getcwd(buffer, 1) ? 0 : -1);
    char here[PATH_MAX];
    SHOW(getcwd(here, sizeof here) ? 0 : -1);
    DONE(chdir("d"));
    list(".");
    SHOW(getcwd(buffer, sizeof buffer) ? 0 : -1);
    printf("%s\n", strcmp(buffer + strlen(here), "/d") ? buffer : "in d");
    DONE(open("../g", O_RDONLY));
    DONE(chdir(".."));
    DONE(chdir("g"));
    int folder = open("d", O_RDONLY | O_DIRECTORY);
    DONE(open("g", O_RDONLY | O_DIRECTORY));
    DONE(fchdir(folder));
    DONE(chdir(".."));
    DONE(chdir(here));
    DONE(openat(folder, "h", O_CREAT | O_WRONLY, 0644));
    DONE(mkdirat(folder, "i", 0700));
    status("fstatat", fstatat(folder, "h", &st, 0), &st);
    DONE(renameat(folder, "h", AT_FDCWD, "h"));
    DONE(unlinkat(folder, "i", AT_REMOVEDIR));
    DONE(unlinkat(folder, "e", 0));
    DONE(faccessat(folder, "e", X_OK, 0));
    DONE(faccessat(folder, "h", F_OK, 0));
    DIR *opened = fdopendir(folder);
    int entries = 0;
    while (readdir(opened))
        entries++;
    printf("%d entries\n", entries);
    rewinddir(opened);
    entries = 0;
    while (readdir(opened))
        entries++;
    printf("%d entries\n", entries);
    closedir(opened);
    /* links */
    DONE(symlink("a.txt", "link"));
    DONE(symlink("nowhere", "dangling"));
    DONE(symlinkat("../a.txt", AT_FDCWD, "d/up"));
    SHOW(readlink("link", buffer, sizeof buffer));
    SHOW(readlink("link", buffer, 2));
    SHOW(readlink("a.txt", buffer, 9));
    SHOW(readlinkat(AT_FDCWD, "d/up", buffer, sizeof buffer));
    status("lstat", lstat("link", &st), &st);
    status("stat", stat("link", &st), &st);
    status("dangling", stat("dangling", &st), &st);
    DONE(open("link", O_RDONLY | O_NOFOLLOW));
    DONE(open("dangling", O_RDONLY));
    SHOW(realpath("d/up", buffer) ? 0 : -1);
    printf("%s\n", !strncmp(buffer, here, strlen(here)) ? buffer + strlen(here) : buffer);
    DONE(stat("d/up", &st));
    DONE(stat("a.txt", &other));
    SHOW(st.st_ino == other.st_ino && st.st_dev == other.st_dev);
    /* the file system */
    struct statvfs fs;
    DONE(statvfs(".", &fs));
    SHOW(fs.f_bsize > 0 && fs.f_blocks > 0);
    fd = open("a.txt", O_RDONLY);
    DONE(fstatvfs(fd, &fs));
    SHOW(fs.f_namemax);
    SHOW(pathconf(".", _PC_NAME_MAX));
    close(fd);
    /* stdio */
    FILE *file = fopen("stdio", "w+");
    SHOW(fprintf(file, "%d %s\n", 42, "lines"));
    SHOW(fseek(file, 0, SEEK_SET));
    int number = 0;
    SHOW(fscanf(file, "%d %s", &number, buffer));
    printf("%d %s %ld\n", number, buffer, ftell(file));
    SHOW(fclose(file));
    file = tmpfile();
    SHOW(file != NULL);
    if (file)
        fclose(file);
    char name[] = "tempXXXXXX";
    DONE(mkstemp(name));
    DONE(unlink(name));
    SHOW(remove("stdio"));
    /* what was unlinked while open */
    fd = open("g", O_RDWR);
    DONE(unlink("g"));
    SHOW(write(fd, "still", 5));
    status("unlinked", fstat(fd, &st), &st);
    close(fd);
    DONE(open("g", O_RDONLY));
    DONE(stat("", &st));
    DONE(stat("/", &st));
    DONE(stat("/..", &st));
    list(".");
    list("d");
    unlink("a.txt");
    unlink("link");
    unlink("dangling");
    unlink("d/up");
    unlink("h");
    rmdir("d/e");
    rmdir("d");
    list(".");
    return 0;
}
