# Does what options and variables have a say in; prints what comes of it.
import io
import os
import sys
import warnings


def described():
    "a description"
    assert not "an assertion"


try:
    print("no assertion", described())
except AssertionError as error:
    print(error.args)
print(described.__doc__, __debug__, compile("assert x", "", "exec").co_names, sys.flags, sys.warnoptions, sys._xoptions)

import encodings.utf_8
import string

print([module.__doc__ for module in (os, string, encodings, encodings.utf_8)])
for code in (
    "b'' == ''",
    "str(b'')",
    "warnings.warn('w')",
    "warnings.warn('d', DeprecationWarning)",
    "int('1' * 2000) > 0",
    "open('text').encoding",
    "io.TextIOWrapper(io.BytesIO()).encoding",
    "io.text_encoding(None)",
    "breakpoint()" if "PYTHONBREAKPOINT" in os.environ else "None",
    "print('\\udcff')",
    "print('\u00e4 \u20ac')",
    "print('\u00e4 \u20ac', file=sys.stderr)",
    "exec('raise 5')",
    "exec('import other')",
):
    try:
        print(code.encode("unicode_escape"), eval(code))
    except Exception as error:
        print(type(error), ascii(error))
try:
    import helper
except AssertionError:
    print("asserted")
except ImportError:
    print("not in the way")
else:
    print(helper.__doc__, helper.__cached__)
print(os.path.exists("__pycache__"), sys.dont_write_bytecode, sys.path, os.environ)
