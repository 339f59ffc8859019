// What the guest does with names of files.

#define _GNU_SOURCE
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

#include "wasi.h"

// A name as the host wants it: it ends with a zero.
typedef struct {
    char text[PATH_MAX];
} Name;

static u32 name(Wasi *w, u32 at, u32 size, Name *to) {
    const char *from = bytes(w, at, size);
    if (!from) return FAULT;
    if (size >= sizeof to->text) return NAMETOOLONG;
    if (memchr(from, 0, size)) return INVAL;
    memcpy(to->text, from, size);
    to->text[size] = 0;
    return SUCCESS;
}

// Declares the host's form of a name, or ends the function with what is wrong with it.
#define NAME(variable, at, size)                          \
    Name variable;                                        \
    do {                                                  \
        u32 error = name(w, at, size, &variable);         \
        if (error) return error;                          \
    } while (0)

// The flag of preview 1 to follow a symbolic link, for functions of the host that follow unless told otherwise.
static int nofollow(u32 flags) { return flags & 1 ? 0 : AT_SYMLINK_NOFOLLOW; }

WASI(path_open, u32 fd, u32 lookup, u32 at, u32 size, u32 how, u64 rights, u64 inherited, u32 flags, u32 fd_at) {
    (void)inherited;
    enum { CREATE = 1, FOLDER = 2, EXCLUSIVE = 4, TRUNCATE = 8 };
    const u64 READ = 1 << 1, WRITE = 1 << 6;
    NAME(path, at, size);
    int host = O_CLOEXEC;
    host |= rights & WRITE ? (rights & READ ? O_RDWR : O_WRONLY) : O_RDONLY;
    host |= (how & CREATE ? O_CREAT : 0) | (how & FOLDER ? O_DIRECTORY : 0);
    host |= (how & EXCLUSIVE ? O_EXCL : 0) | (how & TRUNCATE ? O_TRUNC : 0);
    host |= (flags & 1 ? O_APPEND : 0) | (flags & 4 ? O_NONBLOCK : 0) | (lookup & 1 ? 0 : O_NOFOLLOW);
    int opened = openat(host_descriptor(fd), path.text, host, 0666);
    return opened < 0 ? wasi_error(errno) : give_descriptor(w, opened, fd_at);
}

WASI(path_filestat_get, u32 fd, u32 lookup, u32 at, u32 size, u32 to) {
    NAME(path, at, size);
    struct stat status;
    if (fstatat(host_descriptor(fd), path.text, &status, nofollow(lookup))) return wasi_error(errno);
    return put_filestat(w, to, &status);
}

WASI(path_filestat_set_times, u32 fd, u32 lookup, u32 at, u32 size, u64 access, u64 modification, u32 flags) {
    NAME(path, at, size);
    struct timespec times[2];
    set_times(times, access, modification, flags);
    return outcome(utimensat(host_descriptor(fd), path.text, times, nofollow(lookup)));
}

WASI(path_create_directory, u32 fd, u32 at, u32 size) {
    NAME(path, at, size);
    return outcome(mkdirat(host_descriptor(fd), path.text, 0777));
}

WASI(path_remove_directory, u32 fd, u32 at, u32 size) {
    NAME(path, at, size);
    return outcome(unlinkat(host_descriptor(fd), path.text, AT_REMOVEDIR));
}

WASI(path_unlink_file, u32 fd, u32 at, u32 size) {
    NAME(path, at, size);
    return outcome(unlinkat(host_descriptor(fd), path.text, 0));
}

WASI(path_rename, u32 fd, u32 at, u32 size, u32 to_fd, u32 to_at, u32 to_size) {
    NAME(from, at, size);
    NAME(to, to_at, to_size);
    return outcome(renameat(host_descriptor(fd), from.text, host_descriptor(to_fd), to.text));
}

WASI(path_link, u32 fd, u32 lookup, u32 at, u32 size, u32 to_fd, u32 to_at, u32 to_size) {
    NAME(from, at, size);
    NAME(to, to_at, to_size);
    int follow = lookup & 1 ? AT_SYMLINK_FOLLOW : 0;
    return outcome(linkat(host_descriptor(fd), from.text, host_descriptor(to_fd), to.text, follow));
}

WASI(path_symlink, u32 to_at, u32 to_size, u32 fd, u32 at, u32 size) {
    NAME(to, to_at, to_size);
    NAME(path, at, size);
    return outcome(symlinkat(to.text, host_descriptor(fd), path.text));
}

WASI(path_readlink, u32 fd, u32 at, u32 size, u32 to, u32 to_size, u32 used_at) {
    NAME(path, at, size);
    char *buffer = bytes(w, to, to_size);
    if (!buffer) return FAULT;
    ssize_t used = readlinkat(host_descriptor(fd), path.text, buffer, to_size);
    return used < 0 ? wasi_error(errno) : put32(w, used_at, (u32)used);
}
