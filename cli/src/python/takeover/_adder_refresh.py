"""What modules took from the process that made the checkpoint, taken anew in the one that goes on from there.

This is the library of CPython, looked through for what it keeps of clock, process, environment, working directory and
random numbers when it is imported, and numpy. What a prelude of the user's keeps is the user's to refresh: it may leave a
function in `sys.__adder_restored__`, which is called without arguments (and is gone before the program starts).
"""

import os
import sys
import time

# The one that Python has started with, which has the numbers of the process. With -O, another one takes its name.
START = sys.modules.get("_adder_start")


def random(module):
    module.seed()


def tempfile(module):
    module._name_sequence = None
    module.tempdir = None


def uuid(module):
    module._node = module._last_timestamp = None


def time_zone(module):
    # Modules/timemodule.c, init_timezone. WASI has none.
    if sys.platform == "wasi":
        return
    half = (365 * 24 + 6) * 3600 // 2
    first = module.time() // (2 * half) * (2 * half)
    winter, summer = module.localtime(first), module.localtime(first + half)
    # South of the equator it is the other way round.
    if winter.tm_gmtoff > summer.tm_gmtoff:
        winter, summer = summer, winter
    module.timezone, module.altzone = -winter.tm_gmtoff, -summer.tm_gmtoff
    module.daylight = int(winter.tm_gmtoff != summer.tm_gmtoff)
    module.tzname = winter.tm_zone[:9], summer.tm_zone[:9]


def numpy_random(module):
    module.seed()


def logging(module):
    nanoseconds = sys.version_info >= (3, 13)
    module._startTime = time.time_ns() if nanoseconds else time.time()


def sysconfig(module):
    folder = os.path.dirname(sys.executable) if sys.executable else os.getcwd()
    module._PROJECT_BASE = module._safe_realpath(folder)
    module._CONFIG_VARS = None
    if hasattr(module, "_CONFIG_VARS_INITIALIZED"):
        module._CONFIG_VARS_INITIALIZED = False


def platform(module):
    module.architecture.__defaults__ = (sys.executable, *module.architecture.__defaults__[1:])
    module._uname_cache = None
    module._platform_cache.clear()


def wsgiref_handlers(module):
    module.BaseHandler.os_environ = module.read_environ()


def xml_sax(module):
    wanted = os.environ.get("PY_SAX_PARSER")
    module.default_parser_list = wanted.split(",") if wanted else ["xml.sax.expatreader"]


def distutils_debug(module):
    module.DEBUG = os.environ.get("DISTUTILS_DEBUG")


def distutils_sysconfig(module):
    # `sysconfig` is loaded with it, and comes before it in the list.
    module.project_base = sys.modules["sysconfig"]._PROJECT_BASE
    module._config_vars = module.get_config_vars()


def smtpd(module):
    module.program = sys.argv[0]


def multiprocessing_process(module):
    module.ORIGINAL_DIR = os.path.abspath(os.getcwd())
    module.current_process().authkey = os.urandom(32)


def multiprocessing_spawn(module):
    module.set_executable(sys.executable)


REFRESH = {
    "random": random,
    "tempfile": tempfile,
    "time": time_zone,
    "uuid": uuid,
    "numpy.random": numpy_random,
    "logging": logging,
    "sysconfig": sysconfig,
    "platform": platform,
    "wsgiref.handlers": wsgiref_handlers,
    "xml.sax": xml_sax,
    "distutils.debug": distutils_debug,
    "distutils.sysconfig": distutils_sysconfig,
    "smtpd": smtpd,
    "multiprocessing.process": multiprocessing_process,
    "multiprocessing.spawn": multiprocessing_spawn,
}


def refresh(modules):
    """Refreshes what is among these modules."""
    if hasattr(START, "numbers"):
        START.numbers = None
    for name, function in REFRESH.items():
        module = modules.get(name)
        if module is not None:
            function(module)
    function = sys.__dict__.pop("__adder_restored__", None)
    if function is not None:
        function()
