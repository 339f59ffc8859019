"""Takes a started python over into a new process, as if it had just been started there.

When an executable is made, its python is started once as `python -m ''`, with this folder on PYTHONPATH. `site` then
imports this file, which puts a stand-in for `runpy` into sys.modules, and C (Modules/main.c, pymain_run_module) asks the
stand-in for `_run_module_as_main`. That question is answered by `take_over`: it imports what is to be there already, reads
CHECKPOINT, and the rest of it happens in a new process, each time the executable is started. What it answers is called by
C, with nothing below it on Python's stack, as a cold start runs a program; see `Steps`.

Whatever cannot be had exactly as after a cold start is left to one: opening COLD_START for reading begins it, and never
returns. Until then nothing may have been printed. What was read of standard input is given back: a file is rewound, and
what a pipe held until its end is written to COLD_START before.

What still differs from a cold start: gc.get_freeze_count() is not 0, what is older than the checkpoint is missing from
gc.get_objects() and gc.get_referrers(), and gc.get_stats() and gc.get_count() begin elsewhere; sys.modules takes more
memory; classes of modules that are loaded but not imported yet show in object.__subclasses__(); before 3.12, Python code
may nest two levels less deep; after sys.exit(), the prompt that a program asks for by os.environ["PYTHONINSPECT"] appears;
the handlers of `atexit` still see the `__file__` of a script that ended with an exception; functions for tracing, profiling
and auditing see how the program's end is dealt with; and what a program freezes in the collector goes at its end as well.
"""

import sys

PRESENT = set(sys.modules)

import _functools
import _io
import _json
import _locale
import _weakref
import gc
import os
import posix

import _adder_exit
import _adder_refresh

FunctionType = type(lambda: None)
ModuleType = type(sys)
SimpleNamespace = type(sys.implementation)

CHECKPOINT = "/.adder/checkpoint"
COLD_START = "/.adder/cold-start"
# The names of the modules to import before the checkpoint, one a line, and a program to run after that.
PRELOAD = "/.adder/preload"
PRELUDE = "/.adder/prelude.py"

# What C prints before the first prompt, behind the version.
INVITATION = 'Type "help", "copyright", "credits" or "license" for more information.'

# Variables that change nothing before a program runs, or that are taken care of here. All others that begin with PYTHON
# must be what they were when the checkpoint was made. (The first variable with an underscore came with 3.13.)
FREE_VARIABLES = {"PYTHONASYNCIODEBUG", "PYTHONBREAKPOINT", "PYTHONUNBUFFERED"}
# With these, C would do things that are not done here, even if they were there when the checkpoint was made.
COLD_VARIABLES = {"PYTHONDEVMODE", "PYTHONINSPECT", "PYTHONIOENCODING", "PYTHONSTARTUP", "PYTHONUTF8"}
UNDERSCORE_FREE = sys.version_info < (3, 13)

# The locales in which CPython keeps bytes that it cannot decode (Python/pylifecycle.c, _TARGET_LOCALES).
ESCAPING_LOCALES = {"C.UTF-8", "C.utf8", "UTF-8"}

HERE = os.path.dirname(__file__)


class StandIn(ModuleType):
    """What C takes for runpy."""

    def __getattr__(self, name):
        if name != "_run_module_as_main":
            raise AttributeError(name)
        return take_over()


class Steps(_io._IOBase):
    """Things to do one after the other, called from C without a Python frame and without handling of exceptions.

    `io.TextIOWrapper(steps, "utf-8", "strict", "", True)` is what calls them: it asks the file that it is to wrap whether
    it is readable, writable and seekable, and does not mind what the answers are. The last two arguments are those that C
    passes to `_run_module_as_main`, which is why the module's name is empty. An exception ends it and is C's to report. C
    gives up the whole before it does so; that calls `close`, as for every file.
    """

    def __init__(self, run, end, failed):
        self.readable = run
        self.writable = end
        self.seekable = nothing
        self.close = failed

    def callable(self):
        return _functools.partial(_io.TextIOWrapper, self, "utf-8", "strict")


# Takes any arguments.
nothing = "".format


class Build:
    """What is known before the checkpoint."""

    def __init__(self):
        """Also loads what is to be there."""
        self.python_variables = {name: value for name, value in os.environ.items() if name.startswith("PYTHON")}
        # This folder was put before what the user may have set.
        paths = self.python_variables["PYTHONPATH"].split(":")[1:]
        self.python_variables["PYTHONPATH"] = ":".join(paths)
        self.relative = not all(path.startswith("/") for path in paths)
        # The first is the working directory, for `-m`: nothing is to be imported from there now.
        self.has_first_path = not sys.flags.safe_path
        if self.has_first_path:
            del sys.path[0]
        before = set(sys.modules)
        preload()
        self.preloaded = searched(added(sys.modules, before))
        self.hidden = Hidden()
        # The library's folders that are not there; where one of them is, python starts otherwise.
        self.absent = [path for path, finder in sys.path_importer_cache.items() if finder is None]
        self.absent += [path for path in site_packages() if path not in sys.path]
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


def preload():
    """Imports and runs what the user wants to be there already. Exceptions end the build."""
    for name in read_text(PRELOAD).split():
        __import__(name)
    source = read_text(PRELUDE)
    if source:
        exec(compile(source, PRELUDE, "exec"), {"__name__": "__adder_prelude__", "__file__": PRELUDE})
    # The streams of this process end with it.
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.flush()


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
    """The modules that python imports for `-m`: loaded here, but not to be seen before it is asked for."""

    def __init__(self):
        modules, finders = set(sys.modules), set(sys.path_importer_cache)
        __import__("runpy")
        self.modules = added(sys.modules, modules)
        self.finders = added(sys.path_importer_cache, finders)
        self.searched = searched(self.modules)
        for name in self.modules:
            del sys.modules[name]
        for path in self.finders:
            del sys.path_importer_cache[path]

    def show(self):
        sys.modules.update(self.modules)
        sys.path_importer_cache.update(self.finders)


def added(dictionary, before):
    return {name: value for name, value in dictionary.items() if name not in before}


def searched(modules):
    """Those of the modules that are looked for on sys.path."""
    kinds = sys.modules["_frozen_importlib_external"].FileLoader, sys.modules["zipimport"].zipimporter
    loaders = {name: getattr(getattr(module, "__spec__", None), "loader", None) for name, module in modules.items()}
    return [name for name, loader in loaders.items() if "." not in name and isinstance(loader, kinds)]


def site_packages():
    import site

    return site.getsitepackages()


def take_over():
    """Goes through the checkpoint; returns what C is to call then."""
    # The real runpy, if that is to be preloaded, must not be this one.
    del sys.modules["runpy"]
    build = Build()
    _adder_exit.before_checkpoint()
    gc.collect()
    gc.freeze()
    restored = dict(build.scan(read_all(posix.open(CHECKPOINT, posix.O_RDONLY)).decode(), 0)[0])
    return Restored(build, restored["arguments"], restored["environment"]).prepare()


def cold_start(*_):
    """Lets an ordinary start do it."""
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


def finds_any(finder, names):
    """Whether a folder may have modules with any of these names. Reads it once, whereas `find_spec` would ask for its time
    as often as there are names."""
    if not hasattr(finder, "_fill_cache"):
        return any(map(finder.find_spec, names))
    finder._fill_cache()
    suffixes = ["", *(suffix for suffix, loader in finder._loaders)]
    return not finder._path_cache.isdisjoint(name + suffix for name in names for suffix in suffixes)


class Restored:
    """A new process."""

    def __init__(self, build, arguments, environment):
        self.build = build
        self.arguments = arguments
        self.environment = {}
        for name, value in environment:
            # A name that is there twice has its first value.
            self.environment.setdefault(name, value)
        self.unbuffered = bool(self.environment.get("PYTHONUNBUFFERED"))
        self.kind, self.target, self.argv = self.read_arguments()

    def read_arguments(self):
        """What is to be run, '-c', '-m', '' for a file or '-', its text or name, and sys.argv, as C reads it."""
        given = self.arguments[1:]
        while given and given[0].startswith("-") and given[0] != "-":
            letters = given.pop(0)[1:]
            if letters == "-":
                break
            while letters:
                letter, letters = letters[0], letters[1:]
                if letter == "u":
                    self.unbuffered = True
                elif letter in "cm" and (letters or given):
                    target = letters or given.pop(0)
                    return "-" + letter, target, ["-" + letter, *given]
                else:
                    cold_start()
        if given and given[0] != "-":
            return "", given[0], given
        return "-", None, given or [""]

    def prepare(self):
        """Makes everything as it would be after a cold start; returns what C is to call."""
        self.check_variables()
        self.working_directory = working_directory()
        executable = self.executable()
        self.check_surroundings(executable)
        self.set_environment()
        errors = self.set_locale()
        prompt = self.kind == "-" and posix.isatty(0)
        if prompt and self.unbuffered:
            cold_start()
        sys.stdin, sys.stdout, sys.stderr = sys.__stdin__, sys.__stdout__, sys.__stderr__ = self.make_streams(errors)
        sys.executable = sys._base_executable = executable
        sys.orig_argv[:] = self.arguments
        sys.argv[:] = self.argv
        if prompt:
            import_for_prompt()
        if self.build.has_first_path:
            sys.path.insert(0, self.first_path())
        self.show_modules()
        _adder_refresh.refresh(sys.modules)
        # From here on there is nothing left for a cold start but to report errors of the program's syntax.
        program = None if prompt or self.kind == "-m" else self.compile()
        forbid_cold_start()
        return self.start_prompt() if prompt else self.steps(program).callable()

    def check_variables(self):
        expected = self.build.python_variables
        for name in self.environment.keys() | expected.keys():
            if name.startswith(("PYTHON", "_PYTHON")) and name not in FREE_VARIABLES:
                value = self.environment.get(name, "")
                # C takes an empty variable for none.
                if value and name in COLD_VARIABLES:
                    cold_start()
                if value != expected.get(name, "") and not (name[6:7] == "_" and UNDERSCORE_FREE):
                    cold_start()
        if self.build.relative or self.environment.get("__PYVENV_LAUNCHER__"):
            cold_start()

    def executable(self):
        """sys.executable (Modules/getpath.py)."""
        name = self.arguments[0] if self.arguments else ""
        if not name:
            cold_start()
        if "/" in name:
            name = posix._path_normpath(name)
            return name if name.startswith("/") else self.working_directory + "/" + name
        for folder in self.environment.get("PATH", "").split(":"):
            path = folder + ("" if folder.endswith("/") else "/") + name if folder else name
            try:
                status = posix.stat(path)
            except (OSError, ValueError):
                continue
            if is_regular(status) and status.st_mode & 0o111:
                return path
        return cold_start()

    def check_surroundings(self, executable):
        """Leaves it to a cold start if files around the executable have a say in what the library is."""
        folder, _, _ = executable.rpartition("/")
        parent, _, _ = folder.rpartition("/")
        absent = [*self.build.absent, folder + "/pyvenv.cfg", parent + "/pyvenv.cfg", executable + "._pth"]
        real = follow_links(executable)
        if real != executable:
            absent.append(real + "._pth")
        if not self.environment.get("PYTHONHOME"):
            folder, _, _ = real.rpartition("/")
            absent.append(folder + "/pybuilddir.txt")
            version = "%d.%d" % sys.version_info[:2]
            while folder and folder != sys.prefix:
                library = f"{folder}/{sys.platlibdir}"
                if exists(library):
                    absent.append(f"{library}/python{version.replace('.', '')}.zip")
                    for name in ("os.py", "os.pyc", "lib-dynload"):
                        absent.append(f"{library}/python{version}/{name}")
                folder, _, _ = folder.rpartition("/")
        for path in absent:
            if exists(path):
                cold_start()

    def set_environment(self):
        """Gives C and the library the new environment, in the dictionaries that they have."""
        encoded = {os.fsencode(name): os.fsencode(value) for name, value in self.environment.items()}
        for name in posix.environ:
            if name not in encoded:
                posix.unsetenv(name)
        for dictionary in (posix.environ, os.environ._data):
            dictionary.clear()
            dictionary.update(encoded)
        for name, value in encoded.items():
            try:
                posix.putenv(name, value)
            except (OSError, ValueError):
                # A name that no program could set, like that of "=value"; C only looks for others.
                pass

    def set_locale(self):
        """Returns how standard input and output treat what is not UTF-8 in the locale that the environment names."""
        name = _locale.setlocale(_locale.LC_CTYPE, "")
        if name in ("C", "POSIX"):
            # Then Python is in its UTF-8 mode.
            cold_start()
        return "surrogateescape" if name in ESCAPING_LOCALES else "strict"

    def make_streams(self, errors):
        """Python/pylifecycle.c, create_stdio."""
        streams = []
        for descriptor, name, errors in ((0, "stdin", errors), (1, "stdout", errors), (2, "stderr", "backslashreplace")):
            mode = "w" if descriptor else "r"
            unbuffered = self.unbuffered and mode == "w"
            try:
                buffer = _io.open(descriptor, mode + "b", 0 if unbuffered else -1, None, None, None, False)
            except IsADirectoryError:
                cold_start()
            except OSError:
                streams.append(None)
                continue
            raw = buffer if unbuffered else buffer.raw
            raw.name = f"<{name}>"
            lines = not self.unbuffered and (descriptor == 2 or raw.isatty())
            stream = _io.TextIOWrapper(buffer, "utf-8", errors, "\n", lines, self.unbuffered)
            stream.mode = mode
            streams.append(stream)
        return streams

    def first_path(self):
        """Python/pathconfig.c, _PyPathConfig_ComputeSysPath0, without realpath, which is not used on WASI."""
        if self.kind == "-m":
            return "."
        path = self.argv[0]
        if self.kind != "-c":
            try:
                link = posix.readlink(path)
            except (OSError, ValueError):
                link = ""
            if link.startswith("/"):
                path = link
            elif "/" in link:
                path = path[: path.rfind("/") + 1] + link
        folder = path[: path.rfind("/") + 1]
        return folder if len(folder) == 1 else folder[:-1]

    def show_modules(self):
        """Leaves it to a cold start if the program's own folder has modules with the names of those that are loaded."""
        names = self.build.preloaded + (self.build.hidden.searched if self.kind == "-m" else [])
        if names and self.build.has_first_path:
            finder = sys.modules["_frozen_importlib_external"].PathFinder._path_importer_cache(sys.path[0])
            if finder is not None and finds_any(finder, names):
                cold_start()
        if self.kind == "-m":
            self.build.hidden.show()

    def compile(self):
        """The program."""
        if self.kind == "-c":
            return compile_quietly(self.target + "\n", "<string>", cold_start)
        if self.kind == "-":
            return self.compile_standard_input()
        self.file = path = self.target if self.target.startswith("/") else self.working_directory + "/" + self.target
        try:
            # To open a pipe would wait for who writes to it, and then take that away.
            if not is_regular(posix.stat(path)):
                cold_start()
            descriptor = posix.open(path, posix.O_RDONLY)
        except (OSError, ValueError):
            cold_start()
        if not is_regular(posix.fstat(descriptor)):
            cold_start()
        source = read_all(descriptor)
        external = sys.modules["_frozen_importlib_external"]
        bytecode = path.endswith(".pyc") or source.startswith(external.MAGIC_NUMBER[:2])
        # What may be an archive is zipimport's to judge.
        if bytecode or b"PK\5\6" in source or not is_text(source):
            cold_start()
        # C has asked for an importer for it.
        sys.path_importer_cache.setdefault(path)
        self.loader = external.SourceFileLoader("__main__", path)
        return compile_quietly(source, path, cold_start)

    def compile_standard_input(self):
        self.file, self.loader = "<stdin>", None
        try:
            offset = posix.lseek(0, 0, os.SEEK_CUR)
        except OSError:
            offset = None
        parts = []

        def fail(_):
            if offset is None:
                give_back(b"".join(parts))
            else:
                posix.lseek(0, offset, os.SEEK_SET)
            return cold_start()

        try:
            read_parts(0, parts)
        except OSError as error:
            # There may be more later, where reading does not wait.
            fail(error) if parts else cold_start()
        source = b"".join(parts)
        # C knows no encoding but UTF-8 for what it cannot read twice.
        if not is_text(source) or b"coding" in b"".join(source.splitlines()[:2]):
            fail(None)
        return compile_quietly(source, "<stdin>", fail)

    def steps(self, program):
        main = sys.modules["__main__"].__dict__
        if self.kind == "-m":
            # Its frames are those that a cold start has.
            run = _functools.partial(sys.modules["runpy"]._run_module_as_main, self.target, True)
        else:
            run = FunctionType(program, main)
        is_file = self.kind in ("", "-")
        if is_file:
            main["__file__"] = self.file
            main["__cached__"] = None
            if self.loader is not None:
                main["__loader__"] = self.loader

        def failed():
            if is_file:
                _adder_exit.flush()
            gc.unfreeze()

        def end():
            steps = reference()
            steps.close = nothing
            try:
                if is_file:
                    _adder_exit.flush()
                    main.pop("__file__", None)
                    main.pop("__cached__", None)
                _adder_exit.leave(steps)
            except RecursionError:
                # The program has set its limit to next to nothing.
                gc.unfreeze()

        steps = Steps(run, end, failed)
        # Nothing else may hold it: it has to go at once when it failed.
        reference = _weakref.ref(steps)
        return steps

    def start_prompt(self):
        """Makes C start its prompt, which it does after a program if PYTHONINSPECT says so."""
        gc.unfreeze()
        posix.putenv(b"PYTHONINSPECT", b"1")
        posix.write(2, f"Python {sys.version} on {sys.platform}\n{INVITATION}\n".encode())
        return nothing


def compile_quietly(source, name, fail):
    """Compiles. If that cannot be done, `fail` starts cold, with the errors and the warnings before them."""
    warnings = []
    stream, sys.stderr = sys.stderr, SimpleNamespace(write=warnings.append, flush=nothing)
    try:
        program = compile(source, name, "exec", 0, True)
    except Exception as error:
        fail(error)
    finally:
        sys.stderr = stream
    if warnings and stream is not None:
        stream.write("".join(warnings))
    return program


def is_text(source):
    """Whether it is UTF-8 without zeros: C's parser of files objects to all else that has no declaration."""
    try:
        return "\0" not in source.decode()
    except UnicodeDecodeError:
        return False


def import_for_prompt():
    for name in ("readline", "rlcompleter"):
        try:
            __import__(name)
        except Exception:
            pass


def working_directory():
    try:
        return posix.getcwd()
    except OSError:
        return cold_start()


def follow_links(path):
    try:
        for _ in range(40):
            link = posix.readlink(path)
            path = link if link.startswith("/") else path[: path.rfind("/") + 1] + link
    except OSError:
        pass
    return path


def is_regular(status):
    return status.st_mode & 0o170000 == 0o100000


def exists(path):
    try:
        posix.stat(path)
    except (OSError, ValueError):
        return False
    return True


def hide():
    """Leaves no trace of this folder but the stand-in, and lets `site` look for a sitecustomize of the user's."""
    for name in sys.modules.keys() - PRESENT:
        del sys.modules[name]
    sys.path.remove(HERE)
    for path in [path for path in sys.path_importer_cache if path.startswith(HERE)]:
        del sys.path_importer_cache[path]
    sys.modules["runpy"] = StandIn("runpy")
    del sys.modules["sitecustomize"]
    __import__("sitecustomize")


hide()
