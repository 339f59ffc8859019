"""Reads and compiles the program, as C does (Modules/main.c and Python/pythonrun.c).

What C complains about is left to a cold start, and so is what it does with something that is no text.
"""

import os
import posix
import sys

from _adder_build import read_all, read_parts
from _adder_cold import cold_start, give_back


class Program:
    """The program: its code, the name of its file, and its loader, if it has one. `kind` is '-c', '' for a file or '-'."""

    def __init__(self, kind, target, working_directory):
        self.file = self.loader = None
        if kind == "-c":
            self.code = self.of_command(target + "\n")
        elif kind == "-":
            self.file = "<stdin>"
            self.code = self.of_standard_input()
        else:
            self.file = target if target.startswith("/") else working_directory + "/" + target
            self.code = self.of_file()

    @staticmethod
    def of_command(source):
        if sys.version_info >= (3, 14):
            source = dedent(source)
        code = compile_or_fail(source, "<string>", cold_start_for_error)
        if sys.version_info >= (3, 13):
            # For tracebacks.
            __import__("linecache")._register_code(code, source, "<string>")
        return code

    def of_file(self):
        path = self.file
        try:
            # To open a pipe would wait for who writes to it, and then take that away.
            if not is_regular(posix.stat(path)):
                cold_start(f"{path} is no ordinary file")
            descriptor = posix.open(path, posix.O_RDONLY)
        except (OSError, ValueError) as error:
            cold_start_for_error(error)
        if not is_regular(posix.fstat(descriptor)):
            cold_start(f"{path} is no ordinary file")
        source = read_all(descriptor)
        external = sys.modules["_frozen_importlib_external"]
        bytecode = path.endswith(".pyc") or source.startswith(external.MAGIC_NUMBER[:2])
        # What may be an archive is zipimport's to judge.
        if bytecode or b"PK\5\6" in source or not is_text(source):
            cold_start(f"{path} is no text in UTF-8")
        # C has asked for an importer for it.
        sys.path_importer_cache.setdefault(path)
        self.loader = external.SourceFileLoader("__main__", path)
        return compile_or_fail(source, path, cold_start_for_error)

    @staticmethod
    def of_standard_input():
        try:
            offset = posix.lseek(0, 0, os.SEEK_CUR)
        except OSError:
            offset = None
        parts = []

        def fail(error):
            if offset is None:
                give_back(b"".join(parts))
            else:
                posix.lseek(0, offset, os.SEEK_SET)
            return cold_start_for_error(error)

        try:
            read_parts(0, parts)
        except OSError as error:
            # There may be more later, where reading does not wait.
            fail(error) if parts else cold_start_for_error(error)
        source = b"".join(parts)
        # C knows no encoding but UTF-8 for what it cannot read twice.
        if not is_text(source) or b"coding" in b"".join(source.splitlines()[:2]):
            fail("the program on standard input is no text in UTF-8")
        return compile_or_fail(source, "<stdin>", fail)


def cold_start_for_error(error):
    """Leaves it to a cold start to complain."""
    return cold_start(f"{type(error).__name__}: {error}" if isinstance(error, Exception) else error)


def compile_or_fail(source, name, fail):
    """Compiles. If that cannot be done, `fail` starts cold, with the errors."""
    try:
        return compile(source, name, "exec", 0, True)
    except Exception as error:
        fail(error)


def is_text(source):
    """Whether it is UTF-8 without zeros: C's parser of files objects to all else that has no declaration."""
    try:
        return "\0" not in source.decode()
    except UnicodeDecodeError:
        return False


def is_regular(status):
    return status.st_mode & 0o170000 == 0o100000


def dedent(source):
    """Objects/unicodeobject.c, _PyUnicode_Dedent."""
    margin = None
    lines = source.split("\n")
    for line in lines:
        text = line.lstrip(" \t")
        if text:
            indentation = line[: len(line) - len(text)]
            margin = indentation if margin is None else os.path.commonprefix([margin, indentation])
            if not margin:
                return source
    if margin is None:
        return source
    return "\n".join([line[len(margin) :] if line.strip(" \t") else "" for line in lines])
