"""Stands for the functions that Pyodide has in JavaScript. This Python is a native executable: there are none."""

from _adder_missing import missing as _missing


def __getattr__(name):
    raise _missing("pyodide_js", "Pyodide's own JavaScript", name)
