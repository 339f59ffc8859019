"""How a process that goes on from the checkpoint is left for one that starts from the beginning, and how that is given up."""

import posix

COLD_START = "/.adder/cold-start"
REASON = "/.adder/reason"


def cold_start(reason):
    """Lets an ordinary start do it. The runtime says why, if it is asked."""
    descriptor = posix.open(REASON, posix.O_WRONLY)
    posix.write(descriptor, reason.encode(errors="replace"))
    posix.close(descriptor)
    posix.open(COLD_START, posix.O_RDONLY)
    raise SystemExit("adder: the cold start failed")


def forbid_cold_start():
    """Makes sure that the program cannot ask for one."""
    try:
        posix.unlink(COLD_START)
    except OSError:
        pass


def give_back(data):
    """Makes this standard input for a cold start, whose own end has been reached."""
    descriptor = posix.open(COLD_START, posix.O_WRONLY)
    while data:
        data = data[posix.write(descriptor, data) :]
    posix.close(descriptor)
