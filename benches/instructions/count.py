"""Counts the instructions that executables of adder's execute, for any target, with qemu's user mode:
count.py [--programs FOLDER] [--functions N] EXECUTABLE EXECUTABLE...

Without --functions: a line for each Python program of FOLDER (the training programs) with the instructions in
generated code, those of `-c pass` taken off, and each executable's ratio to the first. With it: the N functions of
all programs together in which the last executable executes most instructions more than the first; and for each the
blocks of the last one that run most, by addresses that `llvm-objdump -d` shows.

What is counted does not depend on the machine's load. It has no caches and no branch prediction in it, so it
explains a time and does not replace it. All targets are counted by the same plugin, blocks.c. Needs cc, nm, readelf
and qemu-user (qemu-x86_64, qemu-aarch64) with plugins (7.2 was used).
"""

import argparse
import bisect
import collections
import math
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.realpath(__file__))
EMULATORS = {"Advanced Micro Devices X86-64": "qemu-x86_64", "AArch64": "qemu-aarch64"}
# Hashes, and whether compiled bytecode is written, have to be the same in each run.
ENVIRONMENT = {"LANG": "C.UTF-8", "PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1"}


def output(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True, errors="replace").stdout


class Executable:
    """An executable with its symbols."""

    def __init__(self, path, plugin):
        self.path, self.plugin = os.path.abspath(path), plugin
        head = output("readelf", "-hlW", path)
        machine = next(line.split(":", 1)[1].strip() for line in head.splitlines() if "Machine:" in line)
        self.emulator = EMULATORS[machine]
        loads = [line.split() for line in head.splitlines() if line.split()[:1] == ["LOAD"]]
        self.code_address = next(int(load[2], 16) for load in loads if "E" in load[6:-1])
        # Generated code has names that no C or Rust symbol of the runtime has: "wasm::NAME", "entry::NAME", ...
        symbols = (line.split(None, 2) for line in output("nm", "--defined-only", path).splitlines())
        symbols = sorted((int(address, 16), name) for address, kind, name in symbols if kind in "tT")
        self.addresses = [address for address, _ in symbols]
        self.names = [name for _, name in symbols]

    def run(self, *arguments):
        """Runs it. Returns its blocks: address in the file, instructions, executions, name of the function."""
        with tempfile.NamedTemporaryFile("r") as counts:
            command = [self.emulator, "-plugin", f"{self.plugin},out={counts.name}", self.path, *arguments]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=ENVIRONMENT)
            first, *lines = counts.read().splitlines()
        # qemu says where the executable lies as the address of its code.
        bias = int(first.split()[2], 16) - self.code_address
        blocks = collections.Counter()
        for line in lines:
            address, size, instructions, executions = (int(field, 0) for field in line.split())
            blocks[address - bias, size, instructions] += executions
        for (address, size, instructions), executions in blocks.items():
            name = self.names[bisect.bisect_right(self.addresses, address) - 1]
            if "::" in name:
                yield address, size, instructions, executions, name

    def functions(self, *arguments):
        """Instructions by function, entries by function, and blocks."""
        counts, entries, blocks = collections.Counter(), collections.Counter(), {}
        starts = dict(zip(self.names, self.addresses))
        for address, size, instructions, executions, name in self.run(*arguments):
            counts[name] += instructions * executions
            if address == starts[name]:
                entries[name] += executions
            blocks[address, size, instructions] = (executions, name)
        return counts, entries, blocks


def table(executables, programs):
    print("".join(f"{cell:>20}" for cell in ["", *(os.path.basename(e.path) for e in executables)]))
    starts = [sum(executable.functions("-c", "pass")[0].values()) for executable in executables]
    ratios = [[] for _ in executables]
    for program in programs:
        counts = [sum(executable.functions(program)[0].values()) for executable in executables]
        cells = [os.path.basename(program)]
        for number, (count, start) in enumerate(zip(counts, starts)):
            ratios[number].append((count - start) / (counts[0] - starts[0]))
            cells.append(f"{(count - start) / 1e6:.1f} M {ratios[number][-1]:.3f}")
        print("".join(f"{cell:>20}" for cell in cells), flush=True)
    means = [math.exp(sum(map(math.log, ratio)) / len(ratio)) for ratio in ratios]
    print("".join(f"{cell:>20}" for cell in ["geometric mean", *(f"{mean:.3f}" for mean in means)]))


def functions(executables, programs, number):
    counts, entries = [collections.Counter() for _ in executables], [collections.Counter() for _ in executables]
    blocks = collections.Counter()
    for at, executable in enumerate(executables):
        for program in programs:
            more, entered, ran = executable.functions(program)
            counts[at].update(more)
            entries[at].update(entered)
            if at == len(executables) - 1:
                for block, (executions, name) in ran.items():
                    blocks[block, name] += executions
    first, last = counts[0], counts[-1]
    total = sum(first.values())
    print(f"{'more, %':>8}{'ratio':>8}{'calls, M':>10}{'per call':>18}  function")
    hot = sorted(last, key=lambda name: first[name] - last[name])[:number]
    for name in hot:
        calls, calls_first = entries[-1][name], entries[0][name]
        each = f"{first[name] / max(calls_first, 1):.1f} -> {last[name] / max(calls, 1):.1f}"
        ratio = last[name] / max(first[name], 1)
        print(f"{100 * (last[name] - first[name]) / total:8.2f}{ratio:8.2f}{calls / 1e6:10.2f}{each:>18}  {name}")
        here = [block for block in blocks if block[1] == name]
        for block in sorted(here, key=lambda block: -block[0][2] * blocks[block])[:8]:
            (address, size, instructions), _ = block
            print(f"{'':>12}{address:#x}-{address + size:#x}: {instructions} x {blocks[block] / 1e6:.2f} M")
    print(f"all: {sum(last.values()) / total:.3f}")


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--programs", default=os.path.join(HERE, "../training"))
    parser.add_argument("--functions", type=int)
    parser.add_argument("executables", nargs="+")
    arguments = parser.parse_args()
    programs = [arguments.programs]
    if os.path.isdir(arguments.programs):
        names = sorted(os.listdir(arguments.programs))
        programs = [os.path.join(arguments.programs, name) for name in names if name.endswith(".py")]
    with tempfile.TemporaryDirectory() as folder:
        plugin = os.path.join(folder, "blocks.so")
        source = os.path.join(HERE, "blocks.c")
        subprocess.run(["cc", "-O2", "-fPIC", "-shared", "-fvisibility=hidden", source, "-o", plugin], check=True)
        executables = [Executable(path, plugin) for path in arguments.executables]
        if arguments.functions:
            functions(executables, programs, arguments.functions)
        else:
            table(executables, programs)


if __name__ == "__main__":
    sys.exit(main())
