"""Says why `js` and `pyodide_js` have no names."""

import sys

# Only this instruction is there for each name, and the one behind it. A module `opcode` could be the program's own.
_instructions = compile("from module import a, b, c, d, e, f", "", "exec").co_code[::2]
IMPORT_FROM = max(_instructions, key=_instructions.count)


def missing(module, meaning, name):
    """Return the error that says why there is no such name: `from ... import` would replace the words of an AttributeError."""
    caller = sys._getframe(2)
    text = f"{module}.{name} is not there: {module} is {meaning}, and this Python runs as a native executable, without JavaScript"
    if caller.f_code.co_code[caller.f_lasti] == IMPORT_FROM:
        return ImportError(text, name=module)
    return AttributeError(text)
