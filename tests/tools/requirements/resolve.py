"""Writes the requirements of a tool with all that it depends on: versions and digests.

    python3 resolve.py black black          # NAME.txt, and what pip is to resolve
    python3 resolve.py sphinx 'sphinx<9.1'

Every package is its wheel without native code. Where there is none, it is that of Linux: its Python serves, and an executable
made by Adder passes over the native code. sphinx before 9.1 is the newest that the tests' native Python 3.11 takes, too. What was
asked for of jinja2-cli is 'jinja2-cli[yaml]'.
"""

import json
import pathlib
import subprocess
import sys

ANY = ["--platform", "any", "--implementation", "py", "--abi", "none"]
LINUX = ["--platform", "any", "--platform", "manylinux2014_x86_64", "--implementation", "cp", "--abi", "cp314", "--abi", "none"]


def resolve(tags, *what):
    options = ["--dry-run", "--ignore-installed", "--report", "-", "--only-binary=:all:", "--python-version", "3.14"]
    command = ["pip", "install", "--quiet", "--target", "nothing", *options, *tags, *what]
    done = subprocess.run(command, capture_output=True, text=True)
    return json.loads(done.stdout)["install"] if done.returncode == 0 else sys.stderr.write(done.stderr) and None


def main():
    name, *wanted = sys.argv[1:]
    packages = resolve(ANY, *wanted) or resolve(LINUX, *wanted) or sys.exit(f"{wanted} cannot be resolved")
    lines = []
    for package in packages:
        version = f"{package['metadata']['name']}=={package['metadata']['version']}"
        if not package["download_info"]["url"].endswith("-none-any.whl"):
            (package,) = resolve(ANY, "--no-deps", version) or [package]
        digest = package["download_info"]["archive_info"]["hashes"]["sha256"]
        lines.append(f"{version} --hash=sha256:{digest}\n")
    pathlib.Path(__file__).with_name(f"{name}.txt").write_text("".join(sorted(lines, key=str.lower)))


main()
