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


def name_the_process(known=os.getpid()):
    def getpid():
        """Return the current process id."""
        import _ctypes
        return _ctypes.call_function(_ctypes.dlsym(_ctypes.dlopen(None, 0), "getpid"), ())

    def understanding(function):
        def understood(pid, *arguments, **named):
            own = getpid()
            # Another process that has this number is as unknown as one with a number that none has.
            pid = known if pid == own else 0x7FFFFFFF if pid == known else pid
            return function(pid, *arguments, **named)

        understood.__doc__ = function.__doc__
        return understood

    functions = {name: understanding(getattr(os, name)) for name in ("kill", "getpgid", "getsid")}
    functions["getpid"] = getpid
    for name, function in functions.items():
        function.__module__, function.__name__, function.__qualname__ = "posix", name, name
        setattr(os, name, function)


if os.getpid() == 42:
    name_the_process()
