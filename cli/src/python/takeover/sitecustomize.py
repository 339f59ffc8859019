"""Takes a started python over into a new process, as if it had just been started there.

When an executable is made, its python is started once as `python -m ''`, with this folder on PYTHONPATH. `site` then
imports this file, which puts a stand-in for `runpy` into sys.modules, and C (Modules/main.c, pymain_run_module) asks the
stand-in for `_run_module_as_main`. That question is answered by `take_over`: it imports what is to be there already, reads
CHECKPOINT, and the rest of it happens in a new process, each time the executable is started. What it answers is called by
C, with nothing below it on Python's stack, as a cold start runs a program; see `Steps`.

How python is to start, by options and variables, is read in `_adder_settings`; where that is not how the checkpoint was
started, `_adder_apply` makes it so. Whatever cannot be had exactly as after a cold start is left to one (`_adder_cold`):
opening a file begins it, and never returns. Until then nothing may have been printed. What was read of standard input is
given back: a file is rewound, and what a pipe held until its end is written to the same file before.

What still differs from a cold start: gc.get_freeze_count() is not 0, what is older than the checkpoint is missing from
gc.get_objects() and gc.get_referrers(), and gc.get_stats() and gc.get_count() begin elsewhere; sys.modules takes more
memory; classes of modules that are loaded but not imported yet show in object.__subclasses__(); before 3.12, Python code
may nest two levels less deep; after sys.exit(), the prompt that a program asks for by os.environ["PYTHONINSPECT"] appears;
where PYTHON* variables are ignored (-E), PYTHONINSPECT and PYTHONBREAKPOINT work all the same when the program sets them;
the handlers of `atexit` still see the `__file__` of a script that ended with an exception; functions for tracing, profiling
and auditing see how the program's end is dealt with; what a program freezes in the collector goes at its end as well; and where options for warnings have texts in them, the
modules that are loaded for those are in another order.
"""

import sys

PRESENT = set(sys.modules)

import _codecs
import _functools
import _io
import _locale
import _weakref
import gc
import os
import posix

import _adder_exit
import _adder_refresh
from _adder_apply import Difference, finds_any, move_new
from _adder_build import Build, read_all
from _adder_cold import cold_start, forbid_cold_start
from _adder_program import Program
from _adder_settings import PLAIN_OPTIONS, flag, is_special

FunctionType = type(lambda: None)
ModuleType = type(sys)
SimpleNamespace = type(sys.implementation)

CHECKPOINT = "/.adder/checkpoint"

# What C prints before the first prompt, behind the version.
INVITATION = 'Type "help", "copyright", "credits" or "license" for more information.'

# The locales in which CPython keeps bytes that it cannot decode (Python/pylifecycle.c, _TARGET_LOCALES).
ESCAPING_LOCALES = {"C.UTF-8", "C.utf8", "UTF-8"}
# The one that it takes in place of "C".
COERCED_LOCALE = "C.UTF-8"

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


def take_over():
    """Goes through the checkpoint; returns what C is to call then."""
    # The real runpy, if that is to be preloaded, must not be this one.
    del sys.modules["runpy"]
    build = Build()
    _adder_exit.before_checkpoint()
    gc.collect()
    gc.freeze()
    restored = dict(build.scan(read_all(posix.open(CHECKPOINT, posix.O_RDONLY)).decode(), 0)[0])
    return Restored(build, restored).prepare()


class Restored:
    """A new process."""

    def __init__(self, build, restored):
        """Of what the runtime says: arguments, environment, and, where the first argument is no path, that of the executable."""
        self.build = build
        self.arguments = restored["arguments"]
        self.path = restored.get("executable")
        # No name is there twice.
        self.environment = dict(restored["environment"])
        self.options = []
        self.kind, self.target, self.argv = self.read_arguments()
        # What is to be shown for the program.
        self.hidden = {"-m": build.hidden, "-c": build.lines}.get(self.kind)

    def read_arguments(self):
        """What is to be run, '-c', '-m', '' for a file or '-', its text or name, and sys.argv, as C reads it. Keeps the options,
        each with its argument."""
        given = self.arguments[1:]
        while given and given[0].startswith("-") and given[0] != "-":
            letters = given.pop(0)[1:]
            if letters == "-":
                break
            while letters:
                letter, letters = letters[0], letters[1:]
                if letter in "cm" and (letters or given):
                    target = letters or given.pop(0)
                    return "-" + letter, target, ["-" + letter, *given]
                if letter == "u" or letter in PLAIN_OPTIONS:
                    self.options.append((letter, None))
                elif letter in "WX" and (letters or given):
                    self.options.append((letter, letters or given.pop(0)))
                    break
                else:
                    cold_start(f"option -{letter}")
        if given and given[0] != "-":
            return "", given[0], given
        return "-", None, given or [""]

    def prepare(self):
        """Makes everything as it would be after a cold start; returns what C is to call."""
        self.working_directory = working_directory()
        executable = self.executable()
        self.set_environment()
        locale = self.set_locale()
        difference = self.difference(locale)
        environment = difference.settings.environment if difference else self.environment
        self.check_surroundings(executable, environment.get("PYTHONHOME"))
        encoding, errors = "utf-8", "surrogateescape" if self.locale in ESCAPING_LOCALES else "strict"
        if difference:
            settings = difference.settings
            self.unbuffered, self.safe_path = settings.unbuffered, settings.safe_path
            encoding = codec_name(settings.encoding) if settings.encoding else encoding
            errors = settings.errors or ("surrogateescape" if settings.utf8_mode else errors)
            difference.apply(self.hidden)
        prompt = self.kind == "-" and posix.isatty(0)
        if prompt and self.unbuffered:
            cold_start("a prompt without buffers")
        if prompt and environment.get("PYTHONSTARTUP"):
            cold_start("a prompt, and PYTHONSTARTUP is set")
        sys.stdin, sys.stdout, sys.stderr = sys.__stdin__, sys.__stdout__, sys.__stderr__ = self.make_streams(encoding, errors)
        sys.executable = sys._base_executable = executable
        sys.orig_argv[:] = self.arguments
        sys.argv[:] = self.argv
        complaints = []
        if difference:
            with_messages_in(complaints, difference.set_warnings)
        if prompt and not (difference and difference.settings.isolated):
            import_for_prompt()
        if not self.safe_path:
            sys.path.insert(0, self.first_path())
        self.show_modules()
        _adder_refresh.refresh(sys.modules)
        # From here on there is nothing left for a cold start but to report errors of the program's syntax.
        program = None if prompt or self.kind == "-m" else with_messages_in(complaints, self.program)
        forbid_cold_start()
        if complaints and sys.stderr is not None:
            sys.stderr.write("".join(complaints))
        return self.start_prompt(sys.flags.quiet) if prompt else self.steps(program).callable()

    def difference(self, locale):
        """What is to be otherwise than in the process that made the checkpoint; None if that is nothing but `-u`."""
        if self.environment.get("__PYVENV_LAUNCHER__"):
            cold_start("__PYVENV_LAUNCHER__ is set")
        build = self.build
        names = [name for name in self.environment if name.startswith(("PYTHON", "_PYTHON"))]
        variables = {name: self.environment[name] for name in names if is_special(name)} if names else {}
        unbuffered = ("u", None)
        is_plain = self.options == [unbuffered] * len(self.options) and locale not in ("C", "POSIX")
        if is_plain and variables == build.variables and not build.is_always_different:
            self.unbuffered = bool(self.options) or flag(self.environment.get("PYTHONUNBUFFERED")) > 0
            self.safe_path = build.settings.safe_path
            return None
        return Difference(build, self.options, self.environment, locale, self.locale)

    def executable(self):
        """sys.executable (Modules/getpath.py)."""
        name = self.path or (self.arguments[0] if self.arguments else "")
        if "/" not in name:
            # Where the host's PATH is not to be seen, C does not find it either.
            if self.path is None and "PATH" not in self.environment:
                return ""
            cold_start("nothing says what the path of the executable is")
        name = posix._path_normpath(name)
        return name if name.startswith("/") else self.working_directory + "/" + name

    def check_surroundings(self, executable, home):
        """Leaves it to a cold start if files around the executable have a say in what the library is."""
        folder, _, _ = executable.rpartition("/")
        parent, _, _ = folder.rpartition("/")
        absent = [*self.build.absent, folder + "/pyvenv.cfg", parent + "/pyvenv.cfg", executable + "._pth"]
        real = follow_links(executable)
        if real != executable:
            absent.append(real + "._pth")
        if not home:
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
                cold_start(f"{path} is there")

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
        """Keeps the name of the locale for LC_CTYPE, and returns the one that the environment names."""
        named = self.locale = _locale.setlocale(_locale.LC_CTYPE, "")
        if named == "C" and not self.environment.get("LC_ALL"):
            # Python/pylifecycle.c, _Py_CoerceLegacyLocale
            self.environment["LC_CTYPE"] = COERCED_LOCALE
            posix.putenv(b"LC_CTYPE", COERCED_LOCALE.encode())
            for dictionary in (posix.environ, os.environ._data):
                dictionary[b"LC_CTYPE"] = COERCED_LOCALE.encode()
            _locale.setlocale(_locale.LC_ALL, "")
            self.locale = COERCED_LOCALE
        return named

    def make_streams(self, encoding, errors):
        """Python/pylifecycle.c, create_stdio."""
        streams = []
        for descriptor, name, errors in ((0, "stdin", errors), (1, "stdout", errors), (2, "stderr", "backslashreplace")):
            mode = "w" if descriptor else "r"
            unbuffered = self.unbuffered and mode == "w"
            try:
                buffer = _io.open(descriptor, mode + "b", 0 if unbuffered else -1, None, None, None, False)
            except IsADirectoryError:
                cold_start(f"{name} is a folder")
            except OSError:
                streams.append(None)
                continue
            raw = buffer if unbuffered else buffer.raw
            raw.name = f"<{name}>"
            lines = not self.unbuffered and (descriptor == 2 or raw.isatty())
            stream = _io.TextIOWrapper(buffer, encoding, errors, "\n", lines, self.unbuffered)
            stream.mode = mode
            streams.append(stream)
        return streams

    def first_path(self):
        """Python/pathconfig.c, _PyPathConfig_ComputeSysPath0. There is no realpath on WASI."""
        resolves_links = self.build.resolves_links
        if resolves_links is None:
            cold_start("it is not known whether links on the program's path are resolved")
        if self.kind == "-m":
            return self.working_directory if resolves_links else "."
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
            if resolves_links and path:
                try:
                    path = os.path.realpath(path, strict=True)
                except (OSError, ValueError):
                    pass
        folder = path[: path.rfind("/") + 1]
        return folder if len(folder) == 1 else folder[:-1]

    def show_modules(self):
        """Leaves it to a cold start if the program's own folder has modules with the names of those that are loaded."""
        names = self.build.preloaded + (self.hidden.searched if self.hidden is not None else [])
        if names and not self.safe_path:
            finder = sys.modules["_frozen_importlib_external"].PathFinder._path_importer_cache(sys.path[0])
            found = finder and finds_any(finder, names)
            if found:
                cold_start(f"the program's folder has a module {found}, and one of that name is there already")
        if self.hidden is not None:
            self.hidden.show()

    def program(self):
        return Program(self.kind, self.target, self.working_directory)

    def steps(self, program):
        main = sys.modules["__main__"].__dict__
        if self.kind == "-m":
            # Its frames are those that a cold start has.
            run = _functools.partial(__import__("runpy")._run_module_as_main, self.target, True)
        else:
            run = FunctionType(program.code, main)
        is_file = self.kind in ("", "-")
        if is_file:
            main["__file__"] = program.file
            main["__cached__"] = None
            if program.loader is not None:
                main["__loader__"] = program.loader

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

    def start_prompt(self, quiet):
        """Makes C start its prompt, which it does after a program if PYTHONINSPECT says so."""
        gc.unfreeze()
        posix.putenv(b"PYTHONINSPECT", b"1")
        if not quiet:
            posix.write(2, f"Python {sys.version} on {sys.platform}\n{INVITATION}\n".encode())
        return nothing


def with_messages_in(messages, function):
    """Calls a function, and keeps what it prints on standard error: a cold start prints that itself."""
    stream, sys.stderr = sys.stderr, SimpleNamespace(write=messages.append, flush=nothing)
    try:
        return function()
    finally:
        sys.stderr = stream


def import_for_prompt():
    for name in ("readline", "rlcompleter"):
        try:
            __import__(name)
        except Exception:
            pass


def codec_name(encoding):
    """What python calls an encoding."""
    before = set(sys.modules)
    try:
        name = _codecs.lookup(encoding).name
    except (LookupError, ValueError):
        return cold_start(f"PYTHONIOENCODING: there is no encoding {encoding}")
    move_new(before, "encodings.utf_8")
    return name


def working_directory():
    try:
        return posix.getcwd()
    except OSError:
        return cold_start("the working directory has no name")


def follow_links(path):
    try:
        for _ in range(40):
            link = posix.readlink(path)
            path = link if link.startswith("/") else path[: path.rfind("/") + 1] + link
    except OSError:
        pass
    return path


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
