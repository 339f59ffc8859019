"""Stands for the JavaScript around a Python in a browser. This one is a native executable: there is none.

Programs that only look what is there find nothing (AttributeError, or ImportError), and go on without it.
"""

from _adder_missing import missing as _missing


def __getattr__(name):
    raise _missing("js", "the JavaScript of a browser", name)
