"""Has SIGTERM end the program in order: `finally` and `atexit` run, and buffers are flushed. The status is 143.

A Python that leaves the signal to the system dies with its files half written. A program that sets a handler of its own, or
SIG_DFL, is left alone, and so is one with a sitecustomize of its own, or without `site` (-S).
"""

import _signal
import sys


def terminate(number, frame):
    sys.exit(128 + number)


if _signal.getsignal(_signal.SIGTERM) == _signal.SIG_DFL:
    _signal.signal(_signal.SIGTERM, terminate)
