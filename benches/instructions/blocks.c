/*
 * A plugin for qemu's user mode that counts how often each block of instructions is executed. At the end of the
 * process it writes one line for each block that ran: address, size in bytes, instructions, how often it ran.
 *
 *     cc -O2 -fPIC -shared blocks.c -o blocks.so
 *     qemu-aarch64 -plugin ./blocks.so,out=counts ./program
 *
 * The declarations are those of version 1 of qemu's interface for plugins, as far as they are used: distributions bring
 * qemu, but not its header. Counters are not atomic, so counts of a program with threads are not exact.
 */

#include <inttypes.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef uint64_t plugin_id;
struct qemu_plugin_tb;
struct qemu_plugin_insn;
enum inline_operation { INLINE_ADD_U64 };

void qemu_plugin_register_vcpu_tb_trans_cb(plugin_id, void (*)(plugin_id, struct qemu_plugin_tb *));
void qemu_plugin_register_vcpu_tb_exec_inline(struct qemu_plugin_tb *, enum inline_operation, void *, uint64_t);
void qemu_plugin_register_atexit_cb(plugin_id, void (*)(plugin_id, void *), void *);
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *);
uint64_t qemu_plugin_tb_vaddr(const struct qemu_plugin_tb *);
struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *, size_t);
uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *);
size_t qemu_plugin_insn_size(const struct qemu_plugin_insn *);
uint64_t qemu_plugin_start_code(void);

#define EXPORTED __attribute__((visibility("default")))

EXPORTED int qemu_plugin_version = 1;

/* A block as qemu translated it. One that is translated again has several. */
struct block {
    struct block *next;
    uint64_t address, bytes, instructions, executions;
};

/* qemu holds a lock of its own while it translates, so one thread at a time makes blocks. */
static struct block *blocks;
static const char *out;

static void translated(plugin_id id, struct qemu_plugin_tb *translation) {
    (void)id;
    struct block *block = calloc(1, sizeof *block);
    if (block == NULL) {
        fputs("blocks.so: out of memory\n", stderr);
        abort();
    }
    block->address = qemu_plugin_tb_vaddr(translation);
    block->instructions = qemu_plugin_tb_n_insns(translation);
    struct qemu_plugin_insn *last = qemu_plugin_tb_get_insn(translation, block->instructions - 1);
    block->bytes = qemu_plugin_insn_vaddr(last) + qemu_plugin_insn_size(last) - block->address;
    block->next = blocks;
    blocks = block;
    qemu_plugin_register_vcpu_tb_exec_inline(translation, INLINE_ADD_U64, &block->executions, 1);
}

static void ended(plugin_id id, void *data) {
    (void)id, (void)data;
    FILE *file = fopen(out, "w");
    if (file == NULL) {
        perror(out);
        return;
    }
    fprintf(file, "# code %#" PRIx64 "\n", qemu_plugin_start_code());
    for (struct block *block = blocks; block != NULL; block = block->next) {
        if (block->executions != 0) {
            fprintf(file, "%#" PRIx64 " %" PRIu64 " %" PRIu64 " %" PRIu64 "\n", block->address, block->bytes,
                    block->instructions, block->executions);
        }
    }
    if (fclose(file) != 0) {
        perror(out);
    }
}

EXPORTED int qemu_plugin_install(plugin_id id, const void *about, int count, char **arguments) {
    (void)about;
    for (int i = 0; i < count; i++) {
        if (strncmp(arguments[i], "out=", 4) == 0) {
            out = arguments[i] + 4;
        }
    }
    if (out == NULL) {
        fputs("blocks.so: say out=FILE, where the counts go\n", stderr);
        return -1;
    }
    qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
    qemu_plugin_register_atexit_cb(id, ended, NULL);
    return 0;
}
