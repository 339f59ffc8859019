#!/usr/bin/env python3
"""What a call of a WebAssembly function from Python costs: by a library that adder has made, by wasmtime's package, and of a function
of Python's own.

    python3 -m venv env && env/bin/pip install wasmtime==50.0.1
    env/bin/python benches/library/call.py ADDER

ADDER is the adder to use, for the module in benches/library/line.wat.
"""

import pathlib
import statistics
import subprocess
import sys
import tempfile
import timeit

import wasmtime

ROUNDS = 11
CALLS = 20_000


def main():
    source = pathlib.Path(__file__).with_name("line.wat")
    with tempfile.TemporaryDirectory() as folder:
        module = pathlib.Path(folder, "line.wasm")
        module.write_bytes(wasmtime.wat2wasm(source.read_text()))
        subprocess.run([sys.argv[1], "build", module, "--emit", "lib", "-o", "libline.so"], cwd=folder, check=True, capture_output=True)
        sys.path.insert(0, folder)
        import line

        store = wasmtime.Store()
        instance = wasmtime.Instance(store, wasmtime.Module.from_file(store.engine, str(module)), [])
        compiled = instance.exports(store)["line"]
        ways = {
            "adder": lambda: line.line(2.0, 3.0, 4.0),
            "wasmtime": lambda: compiled(store, 2.0, 3.0, 4.0),
            "python": lambda: plain(2.0, 3.0, 4.0),
        }
        assert {call() for call in ways.values()} == {10.0}
        times = {name: [] for name in ways}
        for _ in range(ROUNDS):
            for name, call in ways.items():
                times[name].append(timeit.timeit(call, number=CALLS) / CALLS * 1e6)
    for name, all_of_it in times.items():
        print(f"{name:<9} {statistics.median(all_of_it):7.3f} us ({min(all_of_it):.3f}-{max(all_of_it):.3f})")
    ratios = [ours / theirs for ours, theirs in zip(times["adder"], times["wasmtime"])]
    print(f"adder over wasmtime: 1/{1 / statistics.median(ratios):.0f} (1/{1 / min(ratios):.0f} to 1/{1 / max(ratios):.0f})")


def plain(a, x, b):
    return a * x + b


main()
