/* What programs print: results, and errors by their names, whose numbers differ. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *error_name(int error) {
    switch (error) {
#define NAME(error) case error: return #error;
        NAME(EACCES) NAME(EADDRINUSE) NAME(EADDRNOTAVAIL) NAME(EAFNOSUPPORT) NAME(EAGAIN) NAME(EALREADY) NAME(EBADF)
        NAME(ECONNABORTED) NAME(ECONNREFUSED) NAME(ECONNRESET) NAME(EDESTADDRREQ) NAME(EFAULT) NAME(EINPROGRESS) NAME(EINVAL)
        NAME(EISCONN) NAME(EMSGSIZE) NAME(ENOENT) NAME(ENOPROTOOPT) NAME(ENOSYS) NAME(ENOTCONN) NAME(ENOTSOCK)
        NAME(EOPNOTSUPP) NAME(EPERM) NAME(EPIPE) NAME(EPROTONOSUPPORT) NAME(EROFS) NAME(ESOCKTNOSUPPORT) NAME(ETIMEDOUT)
#undef NAME
    }
    return strerror(error);
}

/* Prints a call, and what it returns or how it fails. */
#define SHOW(call) do { \
        errno = 0; \
        long shown = (long)(call); \
        printf("%s: ", #call); \
        if (shown < 0) puts(error_name(errno)); else printf("%ld\n", shown); \
    } while (0)

/* Prints a call, and whether it succeeds. */
#define DONE(call) do { printf("%s: %s\n", #call, (call) < 0 ? error_name(errno) : "ok"); } while (0)
