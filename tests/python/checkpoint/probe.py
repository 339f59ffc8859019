# Prints what a program can see of the process it runs in and of the interpreter; as script, `-m`, `-c` or input.
import sys

loaded = list(sys.modules)
searched = dict(sys.path_importer_cache)
bottom = sys._getframe()

print("main", {name: value for name, value in globals().items() if name.startswith("__")})
for name in (
    "argv orig_argv executable _base_executable prefix base_prefix exec_prefix base_exec_prefix path flags warnoptions "
    "_xoptions platlibdir pycache_prefix dont_write_bytecode meta_path path_hooks byteorder maxsize version platform "
    "float_info hash_info implementation int_info thread_info builtin_module_names _home _git "
    "displayhook excepthook breakpointhook unraisablehook __displayhook__ __excepthook__ copyright api_version"
).split():
    print(name, getattr(sys, name, "none"))
print("library", sorted(sys.stdlib_module_names))
print("more of sys", sorted(set(dir(sys)) - {"last_exc"}))
print("modules", loaded)
print("searched", searched)
print("depth", bottom.f_back, bottom.f_code.co_name, bottom.f_code.co_filename, bottom.f_lineno, bottom.f_locals is globals())
print("code", bottom.f_code.co_flags, bottom.f_code.co_argcount, bottom.f_code.co_varnames, bottom.f_code.co_stacksize)
print("recursion", sys.getrecursionlimit(), sys.gettrace(), sys.getprofile(), sys.getswitchinterval(), sys.exc_info())

for name in ("stdin", "stdout", "stderr"):
    stream = getattr(sys, name)
    print(name, stream, stream is getattr(sys, f"__{name}__"))
    if stream is not None:
        for part in (stream, getattr(stream, "buffer", None), getattr(getattr(stream, "buffer", None), "raw", None)):
            shown = {}
            for attribute in dir(part):
                if attribute not in ("__dict__", "__doc__") and not callable(getattr(type(part), attribute, None)):
                    try:
                        shown[attribute] = getattr(part, attribute)
                    except Exception as error:
                        shown[attribute] = type(error)
            print(" ", type(part), shown, getattr(part, "__dict__", None))
        print(" ", stream.isatty(), stream.fileno(), stream.readable(), stream.writable(), stream.seekable())

import _locale
import _warnings
import builtins
import gc
import os
import posix
import time

print("environment", sorted(os.environ.items()), posix.environ == os.environ._data, os.environb is not None)
print("directory", os.getcwd(), os.listdir() if len(os.listdir()) < 9 else None)
print("time", time.tzname, time.timezone, time.daylight, time.localtime(0))
print("locale", [_locale.setlocale(category) for category in range(6)], _locale.localeconv(), sys.getdefaultencoding())
print("encodings", sys.getfilesystemencoding(), sys.getfilesystemencodeerrors(), _locale.getencoding())
print("warnings", _warnings.filters, _warnings._defaultaction, _warnings._onceregistry)
print("builtins", sorted(set(dir(builtins)) - {"_"}), builtins.open, quit, copyright, __builtins__)
print("garbage", gc.isenabled(), gc.get_threshold(), gc.get_debug(), gc.callbacks, gc.garbage)
print("abstract", [hook for hook in (sys.get_asyncgen_hooks(), sys.get_coroutine_origin_tracking_depth())])

import atexit
import linecache
import site
import traceback

print("site", site.PREFIXES, site.ENABLE_USER_SITE, site.USER_SITE, site.USER_BASE, site.getsitepackages())
print("lines", linecache.cache, atexit._ncallbacks())
traceback.print_stack(file=sys.stdout)
descriptors = []
for descriptor in range(12):
    try:
        descriptors.append((descriptor, os.fstat(descriptor).st_mode))
    except OSError:
        pass
print("descriptors", descriptors)


def deepest(depth=0):
    try:
        return deepest(depth + 1)
    except RecursionError:
        return depth


# Before 3.12, a call of C's counts as one of Python's.
print("nesting", deepest() // 10)
