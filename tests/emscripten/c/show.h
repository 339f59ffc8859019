/* What programs print: results, and errors by their names, whose numbers differ. The programs are plain POSIX, and print nothing that
   differs between C libraries: compiled by the machine's compiler, they print what they must print as WebAssembly. */
#ifndef SHOW_H
#define SHOW_H
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *error_name(int error) {
    switch (error) {
#define NAME(error) case error: return #error;
        NAME(E2BIG) NAME(EACCES) NAME(EADDRINUSE) NAME(EADDRNOTAVAIL) NAME(EAFNOSUPPORT) NAME(EAGAIN) NAME(EALREADY)
        NAME(EBADF) NAME(EBUSY) NAME(ECHILD) NAME(ECONNABORTED) NAME(ECONNREFUSED) NAME(ECONNRESET) NAME(EDESTADDRREQ)
        NAME(EEXIST) NAME(EFAULT) NAME(EFBIG) NAME(EILSEQ) NAME(EINPROGRESS) NAME(EINTR) NAME(EINVAL) NAME(EIO)
        NAME(EISCONN) NAME(EISDIR) NAME(ELOOP) NAME(EMFILE) NAME(EMLINK) NAME(EMSGSIZE) NAME(ENAMETOOLONG) NAME(ENFILE)
        NAME(ENODEV) NAME(ENOENT) NAME(ENOMEM) NAME(ENOPROTOOPT) NAME(ENOSPC) NAME(ENOSYS) NAME(ENOTCONN) NAME(ENOTDIR)
        NAME(ENOTEMPTY) NAME(ENOTSOCK) NAME(ENOTTY) NAME(ENXIO) NAME(EOPNOTSUPP) NAME(EOVERFLOW) NAME(EPERM) NAME(EPIPE)
        NAME(EPROTONOSUPPORT) NAME(ERANGE) NAME(EROFS) NAME(ESOCKTNOSUPPORT) NAME(ESPIPE) NAME(ESRCH) NAME(ETIMEDOUT)
        NAME(EXDEV)
#undef NAME
    }
    return "another error";
}

/* A descriptor that is not open. Not just a high number: the process that starts the program may have left that one open, and
   Linux's own `select` looks only at numbers that the process's table has room for. */
static inline int closed(void) {
    int fd = dup(0);
    close(fd);
    return fd;
}

/* Prints a call, and what it returns or how it fails. Returns that. */
static long show(const char *call, long result) {
    if (result < 0)
        printf("%s: %s\n", call, error_name(errno));
    else
        printf("%s: %ld\n", call, result);
    return result;
}

/* The same, where only success or failure counts. */
static long done(const char *call, long result) {
    printf("%s: %s\n", call, result < 0 ? error_name(errno) : "ok");
    return result;
}

#define SHOW(call) show(#call, (long)(call))
#define DONE(call) done(#call, (long)(call))
#endif
