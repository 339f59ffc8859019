"""Stands for the functions that Pyodide has in JavaScript. This Python is a native executable: there are none."""


def __getattr__(name):
    raise AttributeError(f"pyodide_js.{name} is not there: this Python runs as a native executable, without JavaScript")
