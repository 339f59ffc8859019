"""Ends a python without taking it apart, where nobody could tell.

Taking an interpreter apart frees every object there is. After a program that ended well, that shows only if one of the
objects does something when it goes: closes a generator, writes what a file still holds, runs a `__del__`. Here all the
objects that the garbage collector knows and that are younger than the checkpoint are looked at; if their types are known
to go quietly, the handlers of `atexit` run, the standard streams are flushed, and the process ends. In all other cases it
ends as it always did. ADDER_FAST_EXIT=0 in the environment is another of these cases.
"""

import atexit
import gc
import os
import sys

import _functools
import _io
import _warnings
import _weakref

# More objects than this take longer to look at than to free.
OBJECTS_MAX = 10_000

POINTER = tuple.__itemsize__
COLLECTED = 1 << 14  # Include/object.h, Py_TPFLAGS_HAVE_GC
MEMBER = type(type(lambda: None).__dict__["__globals__"])

# Modules in C whose types hold nothing but memory. Those that do more, like generators, have a `__del__`.
QUIET_MODULES = {
    "_abc", "_collections", "_contextvars", "_functools", "_io", "_json", "_operator", "_random", "_sre", "_struct",
    "_thread", "array", "builtins", "collections", "datetime", "decimal", "functools", "itertools", "operator", "posix", "re",
    "types", "typing", "weakref",
}  # fmt: skip

# What these want to be called when an object goes for is to forget it.
FORGETFUL_MODULES = {"_weakrefset", "functools", "logging", "weakref"}

quiet_types = {}
# What was there before the checkpoint, if it goes quietly; None if it does not.
before = None
# The type of what sys.unraisablehook is given; see `before_checkpoint`.
unraisable = None


class Before:
    """What may have been changed by the program."""

    def __init__(self):
        self.filters = list(_warnings.filters)
        self.hooks = self.current_hooks()

    @staticmethod
    def current_hooks():
        monitored = hasattr(sys, "monitoring") and any(map(sys.monitoring.get_tool, range(6)))
        return sys.gettrace(), sys.getprofile(), sys.unraisablehook, monitored, gc.get_debug(), len(gc.callbacks)

    def is_unchanged(self):
        return self.hooks == self.current_hooks() and self.filters == list(_warnings.filters)


def before_checkpoint():
    """Remembers what there is."""
    global before

    class Unraisable:
        def __del__(self):
            raise Exception

    def hook(arguments):
        global unraisable
        unraisable = type(arguments)

    sys.unraisablehook, usual = hook, sys.unraisablehook
    Unraisable()
    sys.unraisablehook = usual
    del Unraisable
    gc.collect()
    streams = standard_streams()
    before = Before() if streams is not None and goes_quietly(gc.get_objects(), streams, sys.maxsize) else None


def standard_streams():
    """The ids of the streams and what is inside them, or None if they are not as python started with them."""
    ids = set()
    for name in ("stdin", "stdout", "stderr"):
        stream = getattr(sys, name, standard_streams)
        if stream is not getattr(sys, f"__{name}__", None):
            return None
        if stream is not None:
            if type(stream) is not _io.TextIOWrapper or is_closed(stream):
                return None
            ids.update(map(id, (stream, stream.buffer, getattr(stream.buffer, "raw", None))))
    return ids


def is_quiet(kind):
    """Whether objects of a type go without anything happening."""
    known = quiet_types.get(kind)
    if known is None:
        known = quiet_types[kind] = kind in MEMORY_FILES or all(map(adds_nothing_loud, kind.__mro__))
    return known


def adds_nothing_loud(kind):
    names = kind.__dict__
    if speaks(kind):
        return False
    if kind.__module__ in QUIET_MODULES or kind is object:
        return True
    # A class of Python's adds a dictionary, a list of weak references and slots to its base; what adds more is C's.
    room = ("__dict__" in names) + ("__weakref__" in names)
    if "__slots__" in names:
        room += sum(type(value) is MEMBER for value in names.values())
    return kind.__basicsize__ - kind.__base__.__basicsize__ <= POINTER * room


def speaks(kind):
    # An unfinished `os.scandir` only warns, if warnings of its kind are shown.
    return "__del__" in kind.__dict__ and kind.__module__ != "posix"


def goes_quietly(objects, streams, objects_max=OBJECTS_MAX):
    """Whether nothing happens when these go."""
    if len(objects) > objects_max:
        return False
    for item in objects:
        kind = type(item)
        if kind in PLAIN:
            continue
        if issubclass(kind, type):
            # Instances of this one are invisible to the collector.
            if not item.__flags__ & COLLECTED and any(map(speaks, item.__mro__)):
                return False
        elif issubclass(kind, _weakref.ReferenceType):
            if item.__callback__ is not None and not is_forgetful(item.__callback__):
                return False
        elif id(item) in streams or kind in FILES and is_closed(item):
            continue
        if not is_quiet(kind):
            return False
    return True


FILES = {_io.TextIOWrapper, _io.BufferedReader, _io.BufferedWriter, _io.BufferedRandom, _io.FileIO}
MEMORY_FILES = {_io.BytesIO, _io.StringIO}
# Most objects are of one of these.
PLAIN = {type(goes_quietly), dict, list, tuple, set, frozenset, type(len), type(sys), type((lambda: PLAIN).__code__)}


def is_forgetful(callback):
    """Whether a callback only takes what has gone out of a collection."""
    if type(callback) is type(len):
        # Modules/_abc.c, Modules/_threadmodule.c
        return callback.__name__ in ("_destroy", "_localdummy_destroyed")
    return type(callback) is type(is_forgetful) and callback.__module__ in FORGETFUL_MODULES


def is_closed(file):
    try:
        return file.closed is True
    except ValueError:
        # It was never opened, or has given up what it was about.
        return True


def leave(steps):
    """Ends the process if nobody can tell. Otherwise everything is to go, also what is older than the checkpoint.

    `steps` may be given another step to do."""
    if not is_leavable(steps):
        gc.unfreeze()
    elif atexit._ncallbacks():
        # Their frames are the lowest, as always.
        steps.seekable = _functools.partial(_io.TextIOWrapper, After(steps), "utf-8", "strict", "", True)
    else:
        finish()


class After:
    """The handlers of `atexit`, and then the end."""

    def __init__(self, steps):
        self.readable = atexit._run_exitfuncs
        self.writable = self.finish
        self.seekable = "".format
        self.closed = True
        self.steps = steps

    def finish(self):
        if is_leavable(self.steps):
            finish()
        gc.unfreeze()


def is_leavable(steps):
    environment = os.environ
    if before is None or "PYTHONINSPECT" in environment or environment.get("ADDER_FAST_EXIT") == "0":
        return False
    threading = sys.modules.get("threading")
    if threading is not None and getattr(threading, "_threading_atexits", True):
        return False
    if not before.is_unchanged():
        return False
    streams = standard_streams()
    if streams is None:
        return False
    streams.add(id(steps))
    return goes_quietly(gc.get_objects(), streams)


def finish():
    status = 0
    # Python/pylifecycle.c, flush_std_files
    if sys.stdout is not None:
        try:
            sys.stdout.flush()
        except BaseException as error:
            status = 120
            sys.unraisablehook(unraisable((type(error), error, None, None, sys.stdout)))
    if sys.stderr is not None:
        try:
            sys.stderr.flush()
        except BaseException:
            status = 120
    os._exit(status)
