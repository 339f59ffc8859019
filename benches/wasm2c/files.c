// What the guest does with its descriptors.

#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

#include "wasi.h"

// The descriptor that the root of the file system has from the start.
enum { ROOT = 3, DESCRIPTORS_MAX = 1024 };

typedef struct {
    // The host's descriptor plus one, so that 0 means that there is none.
    int host_plus_one;
    // Its entries, once somebody has asked for them.
    DIR *entries;
} Descriptor;

static Descriptor descriptors[DESCRIPTORS_MAX] = {{1, NULL}, {2, NULL}, {3, NULL}};

static Descriptor *descriptor(u32 guest) {
    if (guest >= DESCRIPTORS_MAX) return NULL;
    Descriptor *found = &descriptors[guest];
    if (guest == ROOT && !found->host_plus_one) found->host_plus_one = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC) + 1;
    return found->host_plus_one ? found : NULL;
}

int host_descriptor(u32 guest) {
    Descriptor *found = descriptor(guest);
    return found ? found->host_plus_one - 1 : -1;
}

u32 give_descriptor(Wasi *w, int host, u32 at) {
    for (u32 guest = 0; guest < DESCRIPTORS_MAX; guest++) {
        if (guest == ROOT || descriptors[guest].host_plus_one) continue;
        descriptors[guest].host_plus_one = host + 1;
        return put32(w, at, guest);
    }
    close(host);
    return NFILE;
}

WASI(fd_prestat_get, u32 fd, u32 at) {
    if (fd != ROOT) return BADF;
    // A folder, and the length of its name.
    return put32(w, at, 0) | put32(w, at + 4, 1);
}

WASI(fd_prestat_dir_name, u32 fd, u32 at, u32 size) {
    if (fd != ROOT) return BADF;
    if (size < 1) return NAMETOOLONG;
    return put(w, at, "/", 1) ? SUCCESS : FAULT;
}

WASI(fd_close, u32 fd) {
    (void)w;
    Descriptor *closed = descriptor(fd);
    if (!closed) return BADF;
    if (closed->entries) closedir(closed->entries);
    u32 error = outcome(close(closed->host_plus_one - 1));
    *closed = (Descriptor){0, NULL};
    return error;
}

WASI(fd_renumber, u32 fd, u32 to) {
    Descriptor *from = descriptor(fd);
    if (!from || !descriptor(to)) return BADF;
    if (fd == to) return SUCCESS;
    u32 error = Z_wasi_snapshot_preview1Z_fd_close(w, to);
    descriptors[to] = *from;
    *from = (Descriptor){0, NULL};
    return error;
}

// Buffers of the guest as ones of the host.
static bool vectors(Wasi *w, u32 at, u32 count, struct iovec *to) {
    const u8 *from = bytes(w, at, (u64)count * 8);
    if (!from || count > IOV_MAX) return false;
    for (u32 i = 0; i < count; i++) {
        u32 vector[2];
        memcpy(vector, from + 8 * i, sizeof vector);
        to[i] = (struct iovec){bytes(w, vector[0], vector[1]), vector[1]};
        if (!to[i].iov_base) return false;
    }
    return true;
}

static u32 transferred(Wasi *w, ssize_t done, u32 at) {
    return done < 0 ? wasi_error(errno) : put32(w, at, (u32)done);
}

WASI(fd_read, u32 fd, u32 in, u32 count, u32 at) {
    struct iovec to[IOV_MAX];
    return vectors(w, in, count, to) ? transferred(w, readv(host_descriptor(fd), to, (int)count), at) : FAULT;
}

WASI(fd_write, u32 fd, u32 out, u32 count, u32 at) {
    struct iovec from[IOV_MAX];
    return vectors(w, out, count, from) ? transferred(w, writev(host_descriptor(fd), from, (int)count), at) : FAULT;
}

WASI(fd_pread, u32 fd, u32 in, u32 count, u64 place, u32 at) {
    struct iovec to[IOV_MAX];
    if (!vectors(w, in, count, to)) return FAULT;
    return transferred(w, preadv(host_descriptor(fd), to, (int)count, (off_t)place), at);
}

WASI(fd_pwrite, u32 fd, u32 out, u32 count, u64 place, u32 at) {
    struct iovec from[IOV_MAX];
    if (!vectors(w, out, count, from)) return FAULT;
    return transferred(w, pwritev(host_descriptor(fd), from, (int)count, (off_t)place), at);
}

WASI(fd_seek, u32 fd, u64 offset, u32 whence, u32 at) {
    static const int WHENCE[] = {SEEK_SET, SEEK_CUR, SEEK_END};
    if (whence > 2) return INVAL;
    off_t position = lseek(host_descriptor(fd), (off_t)offset, WHENCE[whence]);
    return position < 0 ? wasi_error(errno) : put64(w, at, (u64)position);
}

WASI(fd_tell, u32 fd, u32 at) { return Z_wasi_snapshot_preview1Z_fd_seek(w, fd, 0, 1, at); }

WASI(fd_sync, u32 fd) {
    (void)w;
    return outcome(fsync(host_descriptor(fd)));
}

WASI(fd_datasync, u32 fd) {
    (void)w;
    return outcome(fdatasync(host_descriptor(fd)));
}

WASI(fd_advise, u32 fd, u64 offset, u64 size, u32 advice) {
    (void)w, (void)offset, (void)size, (void)advice;
    return host_descriptor(fd) < 0 ? BADF : SUCCESS;
}

WASI(fd_allocate, u32 fd, u64 offset, u64 size) {
    (void)w;
    int error = posix_fallocate(host_descriptor(fd), (off_t)offset, (off_t)size);
    return error ? wasi_error(error) : SUCCESS;
}

u8 file_type(mode_t mode) {
    switch (mode & S_IFMT) {
        case S_IFBLK: return BLOCK_DEVICE;
        case S_IFCHR: return CHARACTER_DEVICE;
        case S_IFDIR: return DIRECTORY;
        case S_IFREG: return REGULAR_FILE;
        case S_IFSOCK: return SOCKET;
        case S_IFLNK: return LINK;
        default: return UNKNOWN;
    }
}

// The flags of preview 1: append 1, nonblocking 4.
WASI(fd_fdstat_get, u32 fd, u32 at) {
    struct stat status;
    int host = host_descriptor(fd), flags = fcntl(host, F_GETFL);
    if (flags < 0 || fstat(host, &status)) return wasi_error(errno);
    struct {
        u8 type, padding;
        u16 flags;
        u32 more_padding;
        u64 rights, rights_inherited;
    } to = {file_type(status.st_mode), 0, 0, 0, UINT64_MAX, UINT64_MAX};
    // The C library takes a character device that can be moved in for a file, others for a terminal.
    if (to.type == CHARACTER_DEVICE && isatty(host)) to.rights &= ~(u64)(1 << 2 | 1 << 5);
    to.flags = (u16)((flags & O_APPEND ? 1 : 0) | (flags & O_NONBLOCK ? 4 : 0));
    return put(w, at, &to, sizeof to) ? SUCCESS : FAULT;
}

WASI(fd_fdstat_set_flags, u32 fd, u32 flags) {
    (void)w;
    int host = (flags & 1 ? O_APPEND : 0) | (flags & 4 ? O_NONBLOCK : 0);
    return outcome(fcntl(host_descriptor(fd), F_SETFL, host));
}

WASI(fd_fdstat_set_rights, u32 fd, u64 rights, u64 inherited) {
    (void)w, (void)rights, (void)inherited;
    return host_descriptor(fd) < 0 ? BADF : SUCCESS;
}

u32 put_filestat(Wasi *w, u32 at, const struct stat *from) {
    u64 to[8] = {from->st_dev, from->st_ino, file_type(from->st_mode), from->st_nlink, (u64)from->st_size};
    const struct timespec *times[] = {&from->st_atim, &from->st_mtim, &from->st_ctim};
    for (int i = 0; i < 3; i++) to[5 + i] = (u64)times[i]->tv_sec * 1000000000 + (u64)times[i]->tv_nsec;
    return put(w, at, to, sizeof to) ? SUCCESS : FAULT;
}

WASI(fd_filestat_get, u32 fd, u32 at) {
    struct stat status;
    return fstat(host_descriptor(fd), &status) ? wasi_error(errno) : put_filestat(w, at, &status);
}

WASI(fd_filestat_set_size, u32 fd, u64 size) {
    (void)w;
    return outcome(ftruncate(host_descriptor(fd), (off_t)size));
}

// The flags of preview 1: for either time first "as given", then "now".
void set_times(struct timespec to[2], u64 access, u64 modification, u32 flags) {
    const u64 given[] = {access, modification};
    for (int i = 0; i < 2; i++) {
        u32 how = flags >> (2 * i) & 3;
        to[i].tv_sec = (time_t)(given[i] / 1000000000);
        to[i].tv_nsec = how == 1 ? (long)(given[i] % 1000000000) : how == 2 ? UTIME_NOW : UTIME_OMIT;
    }
}

WASI(fd_filestat_set_times, u32 fd, u64 access, u64 modification, u32 flags) {
    (void)w;
    struct timespec times[2];
    set_times(times, access, modification, flags);
    return outcome(futimens(host_descriptor(fd), times));
}

// A cookie is what the host's C library calls a place in the folder, plus one: 0 is the beginning.
WASI(fd_readdir, u32 fd, u32 at, u32 size, u64 cookie, u32 used_at) {
    Descriptor *folder = descriptor(fd);
    u8 *to = bytes(w, at, size);
    if (!folder) return BADF;
    if (!to) return FAULT;
    if (!folder->entries) {
        int own = openat(folder->host_plus_one - 1, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        folder->entries = own < 0 ? NULL : fdopendir(own);
        if (!folder->entries) return wasi_error(errno);
    }
    if (cookie == 0) rewinddir(folder->entries);
    else seekdir(folder->entries, (long)(cookie - 1));
    u32 used = 0;
    struct dirent *entry;
    while (used < size && (entry = readdir(folder->entries))) {
        struct {
            u64 next, inode;
            u32 name_size, type;
        } head = {(u64)telldir(folder->entries) + 1, entry->d_ino, (u32)strlen(entry->d_name),
                  file_type(DTTOIF(entry->d_type))};
        // An entry that does not fit is cut off: the guest asks again, with more room, from its cookie on.
        u32 part = size - used < sizeof head ? size - used : sizeof head;
        memcpy(to + used, &head, part);
        used += part;
        part = size - used < head.name_size ? size - used : head.name_size;
        memcpy(to + used, entry->d_name, part);
        used += part;
    }
    return put32(w, used_at, used);
}
