"""What the command line and the environment say of how python is to start, as C reads them (Python/initconfig.c).

What is not known here, or cannot be had after the start, is left to a cold start.
"""

import sys

from _adder_cold import cold_start

# Options without an argument that can be applied.
PLAIN_OPTIONS = set("bBEIOPqRst")

# Variables that begin with PYTHON and change nothing before a program runs, or are taken care of elsewhere.
FREE_VARIABLES = {"PYTHONASYNCIODEBUG", "PYTHONBREAKPOINT", "PYTHONCASEOK", "PYTHONSTARTUP", "PYTHONUNBUFFERED"}
# Those that are applied.
APPLIED_VARIABLES = {
    "PYTHONDONTWRITEBYTECODE", "PYTHONINTMAXSTRDIGITS", "PYTHONIOENCODING", "PYTHONNOUSERSITE", "PYTHONOPTIMIZE",
    "PYTHONPATH", "PYTHONSAFEPATH", "PYTHONUTF8", "PYTHONWARNDEFAULTENCODING", "PYTHONWARNINGS",
}  # fmt: skip
# All others that python knows must be what they were when the checkpoint was made.
COLD_VARIABLES = {
    "PYTHONCOERCECLOCALE", "PYTHONDEBUG", "PYTHONDEVMODE", "PYTHONDUMPREFS", "PYTHONDUMPREFSFILE", "PYTHONEXECUTABLE",
    "PYTHONFAULTHANDLER", "PYTHONHASHSEED", "PYTHONHOME", "PYTHONINSPECT", "PYTHONMALLOC", "PYTHONMALLOCSTATS",
    "PYTHONNODEBUGRANGES", "PYTHONPERFSUPPORT", "PYTHONPLATLIBDIR", "PYTHONPROFILEIMPORTTIME", "PYTHONPYCACHEPREFIX",
    "PYTHONSTATS", "PYTHONTHREADDEBUG", "PYTHONTRACEMALLOC", "PYTHONVERBOSE",
    # The first with an underscore came with 3.13.
    "PYTHON_BASIC_REPL", "PYTHON_COLORS", "PYTHON_CONTEXT_AWARE_WARNINGS", "PYTHON_CPU_COUNT",
    "PYTHON_DISABLE_REMOTE_DEBUG", "PYTHON_FROZEN_MODULES", "PYTHON_GIL", "PYTHON_HISTORY", "PYTHON_JIT",
    "PYTHON_PERF_JIT_SUPPORT", "PYTHON_PRESITE", "PYTHON_THREAD_INHERIT_CONTEXT", "PYTHON_TLBC",
}  # fmt: skip
# With these, C does things that are not done here, even if they were there when the checkpoint was made.
ALWAYS_COLD = {"PYTHONDEVMODE", "PYTHONINSPECT"}
# `site` reads this one, even where variables are to be ignored.
LIBRARY_VARIABLE = "PYTHONUSERBASE"
# Other names mean nothing to these versions.
KNOWS_ALL_VARIABLES = sys.version_info < (3, 15)
UNDERSCORE_FREE = sys.version_info < (3, 13)

# What `-X` knows and what cannot be had here. What no version knows is only kept in sys._xoptions.
APPLIED_X = {"int_max_str_digits", "utf8", "warn_default_encoding"}
COLD_X = {
    "context_aware_warnings", "cpu_count", "dev", "disable-remote-debug", "disable_remote_debug", "faulthandler",
    "frozen_modules", "gil", "importtime", "jit", "lazy_imports", "no_debug_ranges", "perf", "perf_jit", "presite",
    "pycache_prefix", "pystats", "showrefcount", "thread_inherit_context", "tlbc", "tracemalloc",
}  # fmt: skip

PLAIN_LOCALES = {"C", "POSIX"}

# Objects/longobject.c, _PY_LONG_MAX_STR_DIGITS_THRESHOLD
DIGITS_MIN = 640


def is_special(name):
    """Whether a variable has a say in how python starts."""
    if not name.startswith(("PYTHON", "_PYTHON")) or name in FREE_VARIABLES:
        return False
    if name in APPLIED_VARIABLES or name in COLD_VARIABLES or name == LIBRARY_VARIABLE:
        return not (UNDERSCORE_FREE and name.startswith("PYTHON_"))
    return name[0] == "_" or not KNOWS_ALL_VARIABLES


def flag(text):
    """The number that a variable is, for C: 1 if it is none, 0 if there is nothing."""
    if not text:
        return 0
    digits = text.lstrip(" \t\n\v\f\r").removeprefix("+")
    if not (digits.isascii() and digits.isdigit()) or int(digits) >= 1 << 31:
        return 1
    return int(digits)


class Settings:
    """How python is to start."""

    def __init__(self, options, environment, named_locale, locale):
        """Of options (letter and argument), variables, and the names of the locale for LC_CTYPE: the one that the environment
        names, and what python has made of it."""
        letters = [letter for letter, _ in options]
        self.isolated = "I" in letters
        self.ignore_environment = self.isolated or "E" in letters
        self.environment = environment
        if self.ignore_environment:
            self.environment = {name: environment[name] for name in (LIBRARY_VARIABLE,) if name in environment}
        get = lambda name: self.environment.get(name, "")
        self.quiet = letters.count("q")
        self.bytes_warning = letters.count("b")
        self.optimize = max(letters.count("O"), flag(get("PYTHONOPTIMIZE")))
        self.dont_write_bytecode = "B" in letters or flag(get("PYTHONDONTWRITEBYTECODE")) > 0
        self.no_user_site = self.isolated or "s" in letters or flag(get("PYTHONNOUSERSITE")) > 0
        self.safe_path = self.isolated or "P" in letters or bool(get("PYTHONSAFEPATH"))
        self.unbuffered = "u" in letters or flag(get("PYTHONUNBUFFERED")) > 0
        self.path = get("PYTHONPATH")
        self.read_x([text for letter, text in options if letter == "X"])
        self.warn_default_encoding = "warn_default_encoding" in self.x or bool(get("PYTHONWARNDEFAULTENCODING"))
        self.digits = self.read_digits(get("PYTHONINTMAXSTRDIGITS"))
        self.warnings = self.read_warnings(get("PYTHONWARNINGS"), [text for letter, text in options if letter == "W"])
        self.utf8_mode = self.read_utf8(get("PYTHONUTF8"), named_locale in PLAIN_LOCALES)
        if locale in PLAIN_LOCALES and not self.utf8_mode:
            cold_start("without UTF-8, in the locale C, names of files are ASCII")
        self.encoding, self.errors = self.read_encoding(get("PYTHONIOENCODING"))

    def flags(self):
        """What sys.flags shows of it."""
        fields = {
            "optimize": self.optimize,
            "dont_write_bytecode": int(self.dont_write_bytecode),
            "no_user_site": int(self.no_user_site),
            "ignore_environment": int(self.ignore_environment),
            "bytes_warning": self.bytes_warning,
            "quiet": self.quiet,
            "isolated": int(self.isolated),
            "utf8_mode": int(self.utf8_mode),
            "warn_default_encoding": int(self.warn_default_encoding),
            "safe_path": self.safe_path,
        }
        if self.digits is not None:
            fields["int_max_str_digits"] = self.digits
        return fields

    def check_variables(self, expected, home_is_usual):
        """Leaves it to a cold start if there are variables that cannot be applied, or that the checkpoint had and this start
        has not. Without PYTHONHOME, the library may be the same."""
        for name in self.environment.keys() | expected.keys():
            if is_special(name) and name not in APPLIED_VARIABLES:
                # C takes an empty variable for none.
                value = self.environment.get(name, "")
                if name == "PYTHONHOME" and not value and home_is_usual:
                    continue
                if value != expected.get(name, "") or value and name in ALWAYS_COLD:
                    cold_start(f"{name} is set" if value else f"{name} was set at build, and is not to be heeded")

    def read_x(self, texts):
        # For C, the first counts; for sys._xoptions, the last.
        self.x, self.shown_x = {}, {}
        for text in texts:
            name, equals, value = text.partition("=")
            if name in COLD_X or not name or not (KNOWS_ALL_VARIABLES or name in APPLIED_X):
                cold_start(f"option -X {name}")
            self.x.setdefault(name, value if equals else None)
            self.shown_x[name] = value if equals else True

    def read_digits(self, text):
        # C looks at both, and takes the option.
        texts = [text] if text else []
        if "int_max_str_digits" in self.x:
            texts.append(self.x["int_max_str_digits"] or "?")
        for text in texts:
            if not (text.isascii() and text.isdigit()) or 0 < int(text) < DIGITS_MIN or int(text) >= 1 << 31:
                cold_start("the limit of digits is wrong")
        return int(text) if texts else None

    def read_utf8(self, text, is_plain):
        if "utf8" in self.x:
            text = self.x["utf8"]
            text = "1" if text is None else text or "?"
        if text not in ("", "0", "1"):
            cold_start("the UTF-8 mode is neither 0 nor 1")
        return text == "1" if text else is_plain

    def read_warnings(self, variable, options):
        texts = [text for text in variable.split(",") if text] + options
        if self.bytes_warning:
            texts.append("error::BytesWarning" if self.bytes_warning > 1 else "default::BytesWarning")
        # Each once.
        return list(dict.fromkeys(texts))

    @staticmethod
    def read_encoding(text):
        encoding, _, errors = text.partition(":")
        return encoding, errors or ("strict" if encoding else "")
