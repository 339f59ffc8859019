// The process: it starts the guest, and tells it what it asks about arguments, environment, time and chance.

#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <sched.h>
#include <time.h>
#include <unistd.h>

#include "wasi.h"
#include "wasm-rt-impl.h"

extern char **environ;
static int argument_count;
static char **arguments;

int main(int argc, char **argv) {
    argument_count = argc;
    arguments = argv;
    wasm_rt_init();
    Z_guest_init_module();
    Z_guest_instance_t guest;
    Wasi wasi;
    Z_guest_instantiate(&guest, &wasi);
    wasi.memory = Z_guestZ_memory(&guest);
    wasm_rt_trap_t trap = wasm_rt_impl_try();
    if (trap != WASM_RT_TRAP_NONE) {
        fprintf(stderr, "trap: %s\n", wasm_rt_strerror(trap));
        return 134;
    }
    Z_guestZ__start(&guest);
    return 0;
}

void Z_wasi_snapshot_preview1Z_proc_exit(Wasi *w, u32 status) {
    (void)w;
    _exit((int)status);
}

static u32 list_sizes(Wasi *w, char **list, u32 count_at, u32 bytes_at) {
    u32 count = 0, size = 0;
    for (; list[count]; count++) size += strlen(list[count]) + 1;
    return put32(w, count_at, count) | put32(w, bytes_at, size);
}

static u32 list_get(Wasi *w, char **list, u32 pointers, u32 texts) {
    for (; *list; list++) {
        size_t size = strlen(*list) + 1;
        if (put32(w, pointers, texts) || !put(w, texts, *list, size)) return FAULT;
        pointers += 4;
        texts += size;
    }
    return SUCCESS;
}

WASI(args_sizes_get, u32 count, u32 size) { return list_sizes(w, arguments, count, size); }
WASI(args_get, u32 pointers, u32 texts) { return list_get(w, arguments, pointers, texts); }
WASI(environ_sizes_get, u32 count, u32 size) { return list_sizes(w, environ, count, size); }
WASI(environ_get, u32 pointers, u32 texts) { return list_get(w, environ, pointers, texts); }

static bool host_clock(u32 guest, clockid_t *host) {
    static const clockid_t CLOCKS[] = {CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_PROCESS_CPUTIME_ID,
                                       CLOCK_THREAD_CPUTIME_ID};
    if (guest >= 4) return false;
    *host = CLOCKS[guest];
    return true;
}

static u64 nanoseconds(struct timespec time) { return (u64)time.tv_sec * 1000000000 + (u64)time.tv_nsec; }

WASI(clock_time_get, u32 clock, u64 precision, u32 at) {
    (void)precision;
    clockid_t host;
    struct timespec now;
    if (!host_clock(clock, &host)) return INVAL;
    return clock_gettime(host, &now) ? wasi_error(errno) : put64(w, at, nanoseconds(now));
}

WASI(clock_res_get, u32 clock, u32 at) {
    clockid_t host;
    struct timespec resolution;
    if (!host_clock(clock, &host)) return INVAL;
    return clock_getres(host, &resolution) ? wasi_error(errno) : put64(w, at, nanoseconds(resolution));
}

WASI(random_get, u32 at, u32 size) {
    char *to = bytes(w, at, size);
    if (!to) return FAULT;
    while (size > 0) {
        ssize_t got = getrandom(to, size, 0);
        if (got < 0) return wasi_error(errno);
        to += got;
        size -= (u32)got;
    }
    return SUCCESS;
}

WASI(sched_yield) {
    (void)w;
    return outcome(sched_yield());
}

// A `subscription` of preview 1 and an `event`. All descriptors are always ready here, as files are.
WASI(poll_oneoff, u32 in, u32 out, u32 count, u32 count_at) {
    enum { SUBSCRIPTION = 48, EVENT = 32, ABSOLUTE = 1 };
    const u8 *subscriptions = bytes(w, in, (u64)count * SUBSCRIPTION);
    u8 *events = bytes(w, out, (u64)count * EVENT);
    if (!subscriptions || !events) return FAULT;
    if (count == 0) return INVAL;
    bool only_clocks = true;
    u64 shortest = UINT64_MAX;
    for (u32 at = 0; at < count; at++) {
        const u8 *subscription = subscriptions + at * SUBSCRIPTION;
        if (subscription[8] != 0) {
            only_clocks = false;
            continue;
        }
        u32 clock;
        u64 timeout;
        u16 flags;
        clockid_t host;
        struct timespec now;
        memcpy(&clock, subscription + 16, sizeof clock);
        memcpy(&timeout, subscription + 24, sizeof timeout);
        memcpy(&flags, subscription + 40, sizeof flags);
        if (!host_clock(clock, &host) || clock_gettime(host, &now)) return INVAL;
        if (flags & ABSOLUTE) timeout = timeout > nanoseconds(now) ? timeout - nanoseconds(now) : 0;
        if (timeout < shortest) shortest = timeout;
    }
    if (only_clocks) {
        struct timespec sleep = {(time_t)(shortest / 1000000000), (long)(shortest % 1000000000)};
        while (nanosleep(&sleep, &sleep) && errno == EINTR) {}
    }
    // Those that end now are told: all descriptors, or, as nothing else would end, the clocks.
    u32 told = 0;
    for (u32 at = 0; at < count; at++) {
        const u8 *subscription = subscriptions + at * SUBSCRIPTION;
        if (!only_clocks && subscription[8] == 0) continue;
        u8 event[EVENT] = {0};
        memcpy(event, subscription, 8);
        event[10] = subscription[8];
        memcpy(events + told++ * EVENT, event, EVENT);
    }
    return put32(w, count_at, told);
}

// Signals and connections do not come here.
WASI(proc_raise, u32 signal) {
    (void)w, (void)signal;
    return NOSYS;
}
WASI(sock_accept, u32 socket, u32 flags, u32 at) {
    (void)w, (void)socket, (void)flags, (void)at;
    return NOSYS;
}
WASI(sock_recv, u32 socket, u32 in, u32 count, u32 flags, u32 size_at, u32 flags_at) {
    (void)w, (void)socket, (void)in, (void)count, (void)flags, (void)size_at, (void)flags_at;
    return NOSYS;
}
WASI(sock_send, u32 socket, u32 out, u32 count, u32 flags, u32 size_at) {
    (void)w, (void)socket, (void)out, (void)count, (void)flags, (void)size_at;
    return NOSYS;
}
WASI(sock_shutdown, u32 socket, u32 how) {
    (void)w, (void)socket, (void)how;
    return NOSYS;
}

u32 wasi_error(int host) {
    // In the order of the specification, from 1 on.
    static const int ERRORS[] = {
        E2BIG, EACCES, EADDRINUSE, EADDRNOTAVAIL, EAFNOSUPPORT, EAGAIN, EALREADY, EBADF, EBADMSG, EBUSY, ECANCELED,
        ECHILD, ECONNABORTED, ECONNREFUSED, ECONNRESET, EDEADLK, EDESTADDRREQ, EDOM, EDQUOT, EEXIST, EFAULT, EFBIG,
        EHOSTUNREACH, EIDRM, EILSEQ, EINPROGRESS, EINTR, EINVAL, EIO, EISCONN, EISDIR, ELOOP, EMFILE, EMLINK, EMSGSIZE,
        EMULTIHOP, ENAMETOOLONG, ENETDOWN, ENETRESET, ENETUNREACH, ENFILE, ENOBUFS, ENODEV, ENOENT, ENOEXEC, ENOLCK,
        ENOLINK, ENOMEM, ENOMSG, ENOPROTOOPT, ENOSPC, ENOSYS, ENOTCONN, ENOTDIR, ENOTEMPTY, ENOTRECOVERABLE, ENOTSOCK,
        ENOTSUP, ENOTTY, ENXIO, EOVERFLOW, EOWNERDEAD, EPERM, EPIPE, EPROTO, EPROTONOSUPPORT, EPROTOTYPE, ERANGE, EROFS,
        ESPIPE, ESRCH, ESTALE, ETIMEDOUT, ETXTBSY, EXDEV,
    };
    for (u32 at = 0; at < sizeof ERRORS / sizeof ERRORS[0]; at++)
        if (ERRORS[at] == host) return at + 1;
    return wasi_error(EIO);
}
