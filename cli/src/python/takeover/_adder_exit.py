"""Ends a python without taking it apart, where nobody could tell.

Taking an interpreter apart frees every object there is. After a program that ended well, that shows only if one of the
objects does something when it goes: closes a generator, writes what a file still holds, runs a `__del__`. Here all the
objects that the garbage collector knows and that are younger than the checkpoint are looked at; if their types are known
to go quietly, the handlers of `atexit` run, the standard streams are flushed, and the process ends. In all other cases it
ends as it always did. ADDER_FAST_EXIT=0 in the environment is another of these cases.

Looking must not run anything of the program's. So types are compared by identity and asked through the descriptors of
`type`, and what is called here was taken before the program could replace it. What is odd enough to raise an exception
has an ordinary end.
"""

import gc
import os
import sys

import _functools
import _io
import _operator
import _warnings
import _weakref
from atexit import _ncallbacks as count_handlers, _run_exitfuncs as run_handlers
from gc import get_debug, get_objects, unfreeze
from posix import _exit
from sys import getprofile, gettrace

from _weakrefset import WeakSet

# More objects than this take longer to look at than to free.
OBJECTS_MAX = 10_000

POINTER = tuple.__itemsize__
# Include/object.h: Py_TPFLAGS_BASETYPE, Py_TPFLAGS_HAVE_GC
BASE = 1 << 10
COLLECTED = 1 << 14
MEMBER = type(type(lambda: None).__dict__["__globals__"])
FUNCTION = type(lambda: None)
MODULE = type(sys)

# What types and weak references say of themselves, whatever their classes say.
base_of, basic_size_of, dictionary_of, flags_of, module_of, order_of = (
    type.__dict__[name].__get__
    for name in ("__base__", "__basicsize__", "__dict__", "__flags__", "__module__", "__mro__")
)
callback_of = _weakref.ReferenceType.__dict__["__callback__"].__get__
is_text_type = _functools.partial(_operator.is_, str)

# The dictionaries in which C has these things, under whatever names the program puts others.
CALLBACKS = gc.callbacks
ENVIRONMENT = os.environ._data
MODULES = sys.modules
SYSTEM = sys.__dict__
SAYS_WHAT = sys.version_info >= (3, 14)
TOOL_OF = sys.monitoring.get_tool if hasattr(sys, "monitoring") else None

# Modules in C whose types hold nothing but memory. Those that do more, like generators, have a `__del__`.
QUIET_MODULES = {
    "_abc", "_collections", "_contextvars", "_functools", "_io", "_json", "_operator", "_random", "_sre", "_struct",
    "_thread", "array", "builtins", "collections", "datetime", "decimal", "functools", "itertools", "operator", "posix", "re",
    "types", "typing", "weakref",
}  # fmt: skip

# Where the library's code says that it comes from.
LIBRARY = os.path.dirname(WeakSet.__init__.__code__.co_filename)
del WeakSet
# What these want to be called when an object goes for is to forget it.
FORGETFUL = {
    (f"{LIBRARY}/_weakrefset.py", "WeakSet.__init__.<locals>._remove"),
    (f"{LIBRARY}/logging/__init__.py", "_removeHandlerRef"),
    (f"{LIBRARY}/weakref.py", "WeakKeyDictionary.__init__.<locals>.remove"),
    (f"{LIBRARY}/weakref.py", "WeakValueDictionary.__init__.<locals>.remove"),
}

# What was there before the checkpoint, if it goes quietly; None if it does not.
before = None
# The type of what sys.unraisablehook is given; see `before_checkpoint`.
unraisable = None


class Before:
    """What may have been changed by the program."""

    def __init__(self, kinds):
        self.filters = list(_warnings.filters)
        self.hooks = self.current_hooks()
        # What the classes of older objects have in them.
        bases = {id(base): base for kind, is_quiet in kinds.values() for base in order_of(kind)}
        self.classes = [dictionary_of(base) for base in bases.values() if not speaks(base)]

    @staticmethod
    def current_hooks():
        monitored = TOOL_OF is not None and any([TOOL_OF(number) is not None for number in range(6)])
        # Small numbers are identical if they are equal.
        return gettrace(), getprofile(), SYSTEM["unraisablehook"], monitored, get_debug(), len(CALLBACKS)

    def is_unchanged(self):
        filters = _warnings.filters
        warnings = MODULES.get("warnings")
        if warnings is not None and (type(warnings) is not MODULE or warnings.filters is not filters):
            return False
        return (
            same(self.hooks, self.current_hooks())
            and same(self.filters, list(filters))
            # Only texts become names of a class that is there already.
            and not any(["__del__" in names for names in self.classes])
        )


def same(some, others):
    return len(some) == len(others) and all(map(_operator.is_, some, others))


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
    streams, kinds = standard_streams(), {}
    is_quiet = streams is not None and goes_quietly(get_objects(), streams, kinds, sys.maxsize)
    before = Before(kinds) if is_quiet else None


def standard_streams():
    """The ids of the streams and what is inside them, or None if they are not as python started with them."""
    ids = set()
    for name in ("stdin", "stdout", "stderr"):
        stream = SYSTEM.get(name, standard_streams)
        if stream is not SYSTEM.get(f"__{name}__"):
            return None
        if stream is None:
            continue
        if type(stream) is not _io.TextIOWrapper or is_closed(stream):
            return None
        buffer = stream.buffer
        raw = buffer if type(buffer) is _io.FileIO else buffer.raw
        # Only what writes is flushed at the end.
        if type(buffer) is not (_io.BufferedReader if name == "stdin" else _io.BufferedWriter) and raw is not buffer:
            return None
        for part in (stream, buffer, raw):
            # Nothing but what it was made with: no other `flush` or `close`.
            if not all([type(key) is str and key in ("mode", "name") for key in part.__dict__]):
                return None
            ids.add(id(part))
    return ids


def is_quiet(kind):
    """Whether objects of a type go without anything happening."""
    return id(kind) in MEMORY_FILES or all(map(adds_nothing_loud, order_of(kind)))


def adds_nothing_loud(kind):
    names = dictionary_of(kind)
    # To look for a name compares it to others, which are the program's if they are no plain texts.
    if not all(map(is_text_type, map(type, names))) or speaks(kind):
        return False
    if kind is object:
        return True
    module = module_of(kind)
    if type(module) is not str:
        return False
    if module in QUIET_MODULES:
        return True
    # A class of Python's adds a dictionary, a list of weak references and slots to its base; what adds more is C's.
    room = ("__dict__" in names) + ("__weakref__" in names)
    if "__slots__" in names:
        room += sum([type(value) is MEMBER for value in names.values()])
    return basic_size_of(kind) - basic_size_of(base_of(kind)) <= POINTER * room


def speaks(kind):
    if "__del__" not in dictionary_of(kind):
        return False
    # An unfinished `os.scandir` only warns, if warnings of its kind are shown. Classes of Python's can have subclasses.
    return bool(flags_of(kind) & BASE) or module_of(kind) != "posix"


def goes_quietly(objects, expected, kinds, objects_max=OBJECTS_MAX):
    """Whether nothing happens when these go. Takes down their types, by id, and whether those are quiet."""
    if len(objects) > objects_max:
        return False
    for item in objects:
        kind = type(item)
        key = id(kind)
        if key in PLAIN:
            continue
        if issubclass(kind, type):
            # Instances of this one are invisible to the collector.
            if not flags_of(item) & COLLECTED and any(map(speaks, order_of(item))):
                return False
        elif issubclass(kind, _weakref.ReferenceType):
            callback = callback_of(item)
            if callback is not None and not is_forgetful(callback):
                return False
        elif id(item) in expected:
            expected.remove(id(item))
            continue
        elif key in FILES and is_closed(item):
            continue
        known = kinds.get(key)
        if known is None:
            known = kinds[key] = kind, is_quiet(kind)
        if not known[1]:
            return False
    return True


BUFFERED = {id(kind) for kind in (_io.BufferedReader, _io.BufferedWriter, _io.BufferedRandom)}
FILES = BUFFERED | {id(_io.TextIOWrapper), id(_io.FileIO)}
MEMORY_FILES = {id(_io.BytesIO), id(_io.StringIO)}
CODE = type((lambda: None).__code__)
# Most objects are of one of these.
PLAIN = {id(kind) for kind in (FUNCTION, CODE, MODULE, type(len), dict, list, tuple, set, frozenset)}


def is_forgetful(callback):
    """Whether a callback only takes what has gone out of a collection."""
    if type(callback) is type(len):
        # Modules/_abc.c, Modules/_threadmodule.c (the last since 3.13)
        return callback.__name__ in ("_destroy", "_localdummy_destroyed", "clear_locals")
    if type(callback) is not FUNCTION:
        return False
    code = callback.__code__
    name = code.co_filename, code.co_qualname
    return all(map(is_text_type, map(type, name))) and name in FORGETFUL


def is_closed(file):
    try:
        if type(file) is _io.TextIOWrapper:
            # Fails if it was never opened.
            file.errors
        inner = file
        if type(inner) is _io.TextIOWrapper:
            inner = inner.buffer
        if id(type(inner)) in BUFFERED:
            inner = inner.raw
        # What is wrapped would be asked: it must not be the program's.
        known = inner is None or type(inner) is _io.FileIO or id(type(inner)) in MEMORY_FILES
        return known and file.closed is True
    except (AttributeError, ValueError):
        # It was never opened, or has given up what it was about.
        return True


def flush():
    """Python/pythonrun.c, flush_io."""
    for name in ("stderr", "stdout"):
        try:
            getattr(sys, name).flush()
        except BaseException:
            pass


def leave(steps):
    """Ends the process if nobody can tell. Otherwise everything is to go, also what is older than the checkpoint.

    `steps` may be given another step to do."""
    if not is_leavable(steps):
        unfreeze()
    elif count_handlers():
        # Their frames are the lowest, as always.
        steps.seekable = _functools.partial(_io.TextIOWrapper, After(steps), "utf-8", "strict", "", True)
    else:
        finish()


class After:
    """The handlers of `atexit`, and then the end."""

    def __init__(self, steps):
        self.readable = run_handlers
        self.writable = self.finish
        self.seekable = "".format
        self.closed = True
        self.steps = steps

    def finish(self):
        if is_leavable(self.steps):
            finish()
        unfreeze()


def is_leavable(steps):
    try:
        return nobody_can_tell(steps)
    except BaseException:
        # With it go the frames that it came through, and what they held.
        return False


def nobody_can_tell(steps):
    if before is None or b"PYTHONINSPECT" in ENVIRONMENT or ENVIRONMENT.get(b"ADDER_FAST_EXIT") == b"0":
        return False
    threading = MODULES.get("threading")
    if threading is not None:
        if type(threading) is not MODULE:
            return False
        handlers = threading._threading_atexits
        if type(handlers) is not list or handlers:
            return False
    if not before.is_unchanged():
        return False
    expected = standard_streams()
    if expected is None:
        return False
    expected.add(id(steps))
    # Where `gc.freeze` was called, the collector does not say what it knows; then these are not among it either.
    return goes_quietly(get_objects(), expected, {}) and not expected


def about(stdout):
    """What is said of an error of standard output: a message or an object."""
    return ("Exception ignored while flushing sys.stdout", None) if SAYS_WHAT else (None, stdout)


def finish():
    status = 0
    stdout, stderr = SYSTEM["stdout"], SYSTEM["stderr"]
    # Python/pylifecycle.c, flush_std_files
    if stdout is not None:
        try:
            stdout.flush()
        except BaseException as error:
            status = 120
            SYSTEM["unraisablehook"](unraisable((type(error), error, None, *about(stdout))))
    if stderr is not None:
        try:
            stderr.flush()
        except BaseException:
            status = 120
    _exit(status)
