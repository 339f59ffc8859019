"""What a python does before its checkpoint, and what it knows of itself then."""

import _json
import _warnings
import os
import posix
import sys

from _adder_apply import Tree, is_from_path
from _adder_memory import Places
from _adder_settings import Settings, is_special

SimpleNamespace = type(sys.implementation)

# The names of the modules to import before the checkpoint, one a line, and a program to run before them.
PRELOAD = "/.adder/preload"
PRELUDE = "/.adder/prelude.py"
# How a process ends that cannot come to a checkpoint, and how the line begins that says why: in words, or by the number
# that runtime/abi/src/refusal.rs has for a missing module.
STATUS_SYSTEM = 71
REFUSAL = "adder: checkpoint: "
MISSING_MODULE = "12"


class Build:
    """What is known before the checkpoint."""

    def __init__(self):
        """Also loads what is to be there."""
        environment = dict(os.environ)
        # This folder was put before what the user may have set.
        paths = environment["PYTHONPATH"].split(":")[1:]
        environment["PYTHONPATH"] = ":".join(paths)
        # What was given means another folder for every process.
        self.is_always_different = not all(path.startswith("/") for path in paths)
        self.variables = {name: value for name, value in environment.items() if is_special(name)}
        self.settings = Settings([], environment, "", "")
        if self.settings.digits is None:
            self.settings.digits = sys.flags.int_max_str_digits
        # The first is the working directory, for `-m`: nothing is to be imported from there now.
        # Where C resolves links, it is absolute; it cannot be known where there is none.
        self.resolves_links = None
        if not self.settings.safe_path:
            self.resolves_links = sys.path[0] != "."
            del sys.path[0]
        self.filters = list(_warnings.filters)
        self.places = Places(self.settings.unbuffered)
        self.trees = {}
        if not self.settings.optimize and self.places.knows({"optimize"}):
            self.trees = {level: Tree(level, self) for level in (1, 2)}
        self.started = searched(sys.modules)
        home = self.variables.get("PYTHONHOME")
        self.home_is_usual = home is not None and home == usual_prefix()
        before = set(sys.modules)
        if preload():
            # What was loaded and done then was not compiled for other levels.
            self.trees = {}
        self.preloaded = searched(added(sys.modules, before))
        self.hidden = Hidden("runpy")
        # Keeps the lines of `-c`, for tracebacks.
        self.lines = Hidden("linecache") if sys.version_info >= (3, 13) else None
        # The library's folders that are not there; where one of them is, python starts otherwise.
        self.absent = [path for path, finder in sys.path_importer_cache.items() if finder is None]
        self.absent += [path for path in sys.modules["site"].getsitepackages() if path not in sys.path]
        # The first `compile` makes the classes of syntax trees.
        compile("", "", "exec")
        self.scan = _json.make_scanner(
            SimpleNamespace(
                strict=False,
                object_hook=None,
                object_pairs_hook=list,
                parse_float=float,
                parse_int=int,
                parse_constant=None,
            )
        )


def usual_prefix():
    """sys.prefix where neither variables nor files say another one; None if that is not known."""
    before = set(sys.modules)
    try:
        name = __import__("sysconfig")._get_sysconfigdata_name()
        variables = __import__(name).build_time_vars
        # The other one may be a folder of who made it.
        return variables.get("host_prefix") or variables["prefix"]
    except (AttributeError, ImportError, KeyError):
        return None
    finally:
        for name in set(sys.modules) - before:
            del sys.modules[name]


def preload():
    """Runs and imports what the user wants to be there already; returns whether there was anything. Exceptions end the build."""
    source, names = read_text(PRELUDE), read_text(PRELOAD).split()
    doing = PRELUDE
    try:
        if source:
            exec(compile(source, PRELUDE, "exec"), {"__name__": "__adder_prelude__", "__file__": PRELUDE})
        for name in names:
            doing = "--preload " + name
            load(name)
    except BaseException as error:
        # What is ours above it says nothing to the user.
        trace = error.__traceback__
        while trace is not None and trace.tb_frame.f_globals is globals():
            trace = trace.tb_next
        error.__traceback__ = trace
        sys.excepthook(type(error), error, trace)
        flush()
        refuse(doing + (" called sys.exit" if isinstance(error, SystemExit) else " failed"))
    flush()
    return bool(source or names)


def refuse(why):
    """Ends the build, which says why."""
    posix.write(2, f"{REFUSAL}{why}\n".encode())
    posix._exit(STATUS_SYSTEM)


def flush():
    """The streams of this process end with it."""
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.flush()


def load(name):
    try:
        __import__(name)
    except ModuleNotFoundError as error:
        missing = error.name
        if missing is None or missing != name and not name.startswith(missing + "."):
            raise
        refuse(f"{MISSING_MODULE} {name} {missing}")


def read_text(path):
    try:
        return read_all(posix.open(path, posix.O_RDONLY)).decode()
    except FileNotFoundError:
        return ""


def read_all(descriptor):
    parts = []
    try:
        read_parts(descriptor, parts)
    finally:
        posix.close(descriptor)
    return b"".join(parts)


def read_parts(descriptor, parts):
    while part := posix.read(descriptor, 1 << 16):
        parts.append(part)


class Hidden:
    """A module that python imports for `-m` or `-c`, and those that come with it: loaded here, but not to be seen before it is
    asked for."""

    def __init__(self, name):
        modules, finders = set(sys.modules), set(sys.path_importer_cache)
        __import__(name)
        self.modules = added(sys.modules, modules)
        self.finders = added(sys.path_importer_cache, finders)
        self.searched = searched(self.modules)
        for name in self.modules:
            del sys.modules[name]
        for path in self.finders:
            del sys.path_importer_cache[path]

    def forget(self):
        """Has them loaded anew."""
        self.modules, self.finders, self.searched = {}, {}, []

    def show(self):
        sys.modules.update(self.modules)
        sys.path_importer_cache.update(self.finders)


def added(dictionary, before):
    return {name: value for name, value in dictionary.items() if name not in before}


def searched(modules):
    """Those of the modules that are looked for on sys.path."""
    return [name for name, module in modules.items() if "." not in name and is_from_path(module)]