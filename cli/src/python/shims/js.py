"""Stands for the JavaScript around a Python in a browser. This one is a native executable: there is none.

Programs that only look what is there find nothing (AttributeError, or ImportError), and go on without it.
"""


def _missing(module, meaning, name):
    """Return the error that says why there is no such name. `from ... import` would replace an AttributeError by one that does not."""
    import sys
    from opcode import opmap
    caller = sys._getframe(2)
    text = f"{module}.{name} is not there: {module} is {meaning}, and this Python runs as a native executable, without JavaScript"
    if caller.f_code.co_code[caller.f_lasti] == opmap["IMPORT_FROM"]:
        return ImportError(text, name=module)
    return AttributeError(text)


def __getattr__(name):
    raise _missing("js", "the JavaScript of a browser", name)
