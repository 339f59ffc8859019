"""Compares a native Python, an executable of adder's and Pyodide in node by pyperformance's short benchmarks that need nothing but the
standard library:
compare.py NATIVE EXECUTABLE FOLDER_OF_PYODIDE FOLDER_OF_PYPERFORMANCE [ROUNDS [PART_OF_A_NAME]]

Programs, loops and the small pyperf are those of `cargo bench -p adder-benches -- --only pyperformance`. A ratio is taken within a
round; the median of the rounds' is printed.
"""

import json
import os
import re
import statistics
import subprocess
import sys

HERE = os.path.dirname(os.path.realpath(__file__))
SHIM = os.path.join(HERE, "../pyperformance")
SECONDS_MAX = 60


def programs():
    """Yields the folder, the options and the loops of each program, as the benchmark has them."""
    text = open(os.path.join(HERE, "../compare/pyperformance/programs.rs")).read()
    for folder, options, benchmarks in re.findall(r'program\("(\w+)", &\[(.*?)\], &\[(.*?)\]\)', text, re.S):
        loops = re.findall(r'short\("(\w+)", (\d+)\)', benchmarks)
        if loops:
            yield folder, re.findall(r'"([^"]+)"', options), ",".join(map("=".join, loops))


def measure(command, program, arguments):
    """Returns the seconds of each benchmark, or why there are none."""
    environment = {
        "LANG": "C.UTF-8",
        "PATH": os.environ["PATH"],
        "PYTHONPATH": SHIM,
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",
    }
    try:
        run = subprocess.run(
            [*command, program, *arguments],
            capture_output=True,
            text=True,
            env=environment,
            cwd=os.path.dirname(program),
            timeout=SECONDS_MAX,
        )
    except subprocess.TimeoutExpired:
        return f"takes more than {SECONDS_MAX} s"
    lines = [json.loads(line[7:]) for line in run.stdout.splitlines() if line.startswith("@bench ")]
    if run.returncode != 0 or not lines:
        return (run.stderr.strip().splitlines() or ["says nothing"])[-1][:200]
    return {line["name"]: statistics.median(line["seconds"]) for line in lines}


def main(native, executable, pyodide, pyperformance, rounds="3", wanted=""):
    node = ["node", os.path.join(HERE, "run.mjs"), pyodide, os.path.realpath(SHIM)]
    engines = {"native": [native], "adder": [os.path.realpath(executable)], "node": node}
    ratios, failures = {}, {}
    for _ in range(int(rounds)):
        for folder, options, loops in programs():
            if wanted not in folder:
                continue
            program = os.path.realpath(os.path.join(pyperformance, f"data-files/benchmarks/bm_{folder}/run_benchmark.py"))
            arguments = ["--loops", loops, "--values", "3", *options]
            found = {engine: measure(command, program, arguments) for engine, command in engines.items()}
            for engine, result in found.items():
                if isinstance(result, str):
                    failures[" ".join([folder, *options]), engine] = result
            if any(isinstance(result, str) for result in found.values()):
                continue
            for name, seconds in found["native"].items():
                pair = ratios.setdefault(" ".join([folder, *options, name]), {"adder": [], "node": []})
                for engine, values in pair.items():
                    values.append(found[engine][name] / seconds)
    medians = {name: [statistics.median(pair[engine]) for engine in pair] for name, pair in ratios.items()}
    print(f"{'over native':50} adder  node")
    for name, (adder, other) in sorted(medians.items()):
        print(f"{name:50} {adder:5.2f} {other:5.2f}")
    means = [statistics.geometric_mean(column) for column in zip(*medians.values())]
    print(f"{f'geometric mean of {len(medians)}':50} {means[0]:5.2f} {means[1]:5.2f}")
    for (name, engine), why in failures.items():
        print(f"not compared: {name}, as it fails in {engine}: {why}")


main(*sys.argv[1:])
