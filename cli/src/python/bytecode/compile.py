"""Compiles Python files for the executable that is being made, in the Python that will be in it.

Reads requests from standard input: a line with two numbers, the bytes of a path and of a text, then both. Answers each on standard
output with a line that has the number of bytes of the bytecode, then these; 0 if the text does not compile. Before the first answer comes
a line with the tag of this Python's bytecode.

Imports nothing but what is part of the interpreter: the library may be what is to be compiled.
"""

import _frozen_importlib_external as external
import _imp
import sys


def main():
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    sink.write(sys.implementation.cache_tag.encode() + b"\n")
    sink.flush()
    # Before 3.14, importlib keeps the number itself.
    magic = getattr(external, "_RAW_MAGIC_NUMBER", None) or _imp.pyc_magic_number_token
    while line := source.readline():
        path_bytes, text_bytes = map(int, line.split())
        path = source.read(path_bytes).decode()
        text = source.read(text_bytes)
        try:
            bytecode = compiled(path, text, magic)
        except MemoryError:
            # Of this process, not of the text: it ends, and nothing is said of the text.
            raise
        except Exception:
            bytecode = b""
        sink.write(b"%d\n" % len(bytecode))
        sink.write(bytecode)
        sink.flush()


def compiled(path, text, magic):
    code = compile(text, path, "exec", dont_inherit=True, optimize=0)
    # What a text of the code is written as depends on whether anything else in the process refers to it. Now something does in any case,
    # so the bytes are always the same.
    held = []
    hold(code, held, type(code))
    # Its head says not to compare it with the source: neither can change any more.
    return bytes(external._code_to_hash_pyc(code, _imp.source_hash(magic, text), False))


def hold(value, held, code_type):
    if isinstance(value, str):
        held.append(value)
    elif isinstance(value, (tuple, frozenset)):
        for item in value:
            hold(item, held, code_type)
    elif isinstance(value, code_type):
        names = (value.co_names, value.co_varnames, value.co_freevars, value.co_cellvars)
        texts = (value.co_filename, value.co_name, getattr(value, "co_qualname", ""))
        hold((value.co_consts, names, texts), held, code_type)


main()
