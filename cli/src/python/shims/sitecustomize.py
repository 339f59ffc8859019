"""Has SIGTERM end the program in order: `finally` and `atexit` run, and buffers are flushed. The status is 143.

A Python that leaves the signal to the system dies with its files half written. A program that sets a handler of its own, or
SIG_DFL, is left alone, and so is one with a sitecustomize of its own, or without `site` (-S).

And has os.getpid() say the number of the process, and os.kill() understand it. Emscripten says 42 for every process, and its
optimiser knew.
"""

import _signal
import os
import sys


def terminate(number, frame):
    sys.exit(128 + number)


if _signal.getsignal(_signal.SIGTERM) == _signal.SIG_DFL:
    _signal.signal(_signal.SIGTERM, terminate)


def name_the_process(known=os.getpid(), kill_known=os.kill):
    def getpid():
        """Return the current process id."""
        import _ctypes
        return _ctypes.call_function(_ctypes.dlsym(_ctypes.dlopen(None, 0), "getpid"), ())

    def kill(pid, signal, /):
        """Kill a process with a signal."""
        kill_known(known if pid == getpid() else pid, signal)

    for function in getpid, kill:
        function.__module__ = "posix"
        function.__qualname__ = function.__name__
        setattr(os, function.__name__, function)


if os.getpid() == 42:
    name_the_process()
