"""Stands for the JavaScript around a Python in a browser. This one is a native executable: there is none.

Programs that only look what is there find nothing (AttributeError), and go on without it.
"""


def __getattr__(name):
    raise AttributeError(f"js.{name} is not there: this Python runs as a native executable, without JavaScript")
