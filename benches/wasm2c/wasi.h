// WASI preview 1 for what wasm2c makes of a module: enough to run CPython, for the benchmark. The whole file system is
// open to the guest, and nothing here keeps it from anything: this is no sandbox.
//
// `main.c` has the process (arguments, environment, clocks), `files.c` what is done with descriptors, `paths.c` what is
// done with names.
#pragma once

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>

#include "guest.h"

// A function that the module imports; wasm2c hands on what `main.c` has given it for the module that they are in.
#define WASI(name, ...) u32 Z_wasi_snapshot_preview1Z_##name(struct Z_wasi_snapshot_preview1_instance_t *w, ##__VA_ARGS__)

struct Z_wasi_snapshot_preview1_instance_t {
    wasm_rt_memory_t *memory;
};
typedef struct Z_wasi_snapshot_preview1_instance_t Wasi;

// The errors of preview 1 that are used by their number.
enum { SUCCESS = 0, BADF = 8, FAULT = 21, INVAL = 28, NAMETOOLONG = 37, NFILE = 41, NOSYS = 52 };
// What a file is.
enum { UNKNOWN = 0, BLOCK_DEVICE = 1, CHARACTER_DEVICE = 2, DIRECTORY = 3, REGULAR_FILE = 4, SOCKET = 6, LINK = 7 };

// The error of preview 1 for one of the host.
u32 wasi_error(int host);

// The result of a system call: 0, or what `errno` says.
static inline u32 outcome(long result) { return result < 0 ? wasi_error(errno) : SUCCESS; }

// The guest's bytes from `at` on; NULL if not all of them are inside its memory.
static inline void *bytes(Wasi *w, u32 at, u64 count) {
    return at + count <= w->memory->size ? w->memory->data + at : NULL;
}

// Writes a number to the guest's memory.
static inline bool put(Wasi *w, u32 at, const void *value, size_t count) {
    void *to = bytes(w, at, count);
    return to && memcpy(to, value, count);
}
static inline u32 put32(Wasi *w, u32 at, u32 value) { return put(w, at, &value, sizeof value) ? SUCCESS : FAULT; }
static inline u32 put64(Wasi *w, u32 at, u64 value) { return put(w, at, &value, sizeof value) ? SUCCESS : FAULT; }

// The host's descriptor for one of the guest's; -1 if it has none, which every system call refuses with EBADF.
int host_descriptor(u32 guest);
// A descriptor of the guest's for one of the host's, written to its memory at `at`.
u32 give_descriptor(Wasi *w, int host, u32 at);
// Writes a `filestat`.
u32 put_filestat(Wasi *w, u32 at, const struct stat *from);
// The arguments of `utimensat` for times and flags of preview 1.
void set_times(struct timespec to[2], u64 access, u64 modification, u32 flags);
// What preview 1 calls a kind of file.
u8 file_type(mode_t mode);
