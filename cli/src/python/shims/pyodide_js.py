"""Stands for the functions that Pyodide has in JavaScript. This Python is a native executable: there are none."""

from js import _missing


def __getattr__(name):
    raise _missing("pyodide_js", "Pyodide's own JavaScript", name)
