"""What each process is told when it starts, before all modules of the program: `encodings` imports this, also with -S and -I.

SIGTERM ends the program in order: `finally` and `atexit` run, and buffers are flushed. The status is 143. A Python that leaves the
signal to the system dies with its files half written. A program that sets a handler of its own, or SIG_DFL, is left alone, and so is
one without `site` (-S).

And os.getpid() says the number of the process, and os.getpgrp() that of its group. Emscripten says 42 for every process, and its
optimiser knew.
"""

import posix
import sys


def terminate(number, frame):
    sys.exit(128 + number)


class _BeforeSite:
    """Has SIGTERM handled when `site` is imported: now, there are no handlers yet."""

    @classmethod
    def find_spec(cls, name, path=None, target=None):
        if name == "site":
            sys.meta_path.remove(cls)
            import _signal

            try:
                if _signal.getsignal(_signal.SIGTERM) == _signal.SIG_DFL:
                    _signal.signal(_signal.SIGTERM, terminate)
            except ValueError:
                # Another interpreter than the main one.
                pass


def _name_the_process(known):
    def getpid():
        """Return the current process id."""
        return (numbers or _ask())[0]

    def getpgrp():
        """Return the current process group id."""
        return (numbers or _ask())[1]

    def understanding(function):
        def understood(pid, *arguments, **named):
            # Another process that has this number is as unknown as one with a number that none has.
            pid = known if pid == getpid() else 0x7FFFFFFF if pid == known else pid
            return function(pid, *arguments, **named)

        understood.__doc__ = function.__doc__
        return understood

    kill, getsid, known_group = understanding(posix.kill), understanding(posix.getsid), understanding(posix.getpgid)

    def getpgid(pid):
        # Fails for other processes.
        known_group(pid)
        return getpgrp()

    getpgid.__doc__ = posix.getpgid.__doc__
    for function, name in (getpid, "getpid"), (getpgrp, "getpgrp"), (getpgid, "getpgid"), (kill, "kill"), (getsid, "getsid"):
        function.__module__, function.__name__, function.__qualname__ = "posix", name, name
        setattr(posix, name, function)


# Those of the process and of its group, as soon as somebody has asked. The takeover from a checkpoint forgets them.
numbers = None


def _ask():
    global numbers
    # Not before: objects of this module keep a process from ending fast.
    import _ctypes

    library = _ctypes.dlopen(None, 0)
    numbers = tuple([_ctypes.call_function(_ctypes.dlsym(library, name), ()) for name in ("getpid", "getpgrp")])
    return numbers


if posix.getpid() == 42:
    _name_the_process(known=42)
# Where this is loaded once more, `site` is there.
if not sys.flags.no_site and "site" not in sys.modules:
    sys.meta_path.insert(0, _BeforeSite)
