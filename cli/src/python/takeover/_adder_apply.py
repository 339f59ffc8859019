"""Makes a python that has started be as if it had been started with other options and variables."""

import _codecs
import _warnings
import builtins
import os
import posix
import sys

from _adder_cold import cold_start
from _adder_settings import Settings


def filters_mutated():
    """Has C look at the filters anew."""
    if hasattr(_warnings, "_filters_mutated_lock_held"):
        _warnings._acquire_lock()
        _warnings._filters_mutated_lock_held()
        _warnings._release_lock()
    else:
        _warnings._filters_mutated()


def finds_any(finder, names):
    """One of the modules with these names that a folder has, or None. Reads it once, whereas `find_spec` would ask for its time
    as often as there are names."""
    if hasattr(finder, "_fill_cache"):
        try:
            finder._fill_cache()
        except OSError as error:
            cold_start(f"{finder.path} cannot be read: {error}")
        suffixes = ["", *(suffix for suffix, loader in finder._loaders)]
        present = finder._path_cache
        names = [name for name in names if not present.isdisjoint([name + suffix for suffix in suffixes])]
    for name in names:
        # A folder without code in it is only a module where there is no other.
        specification = finder.find_spec(name)
        if specification is not None and specification.loader is not None:
            return name
    return None


def is_from_path(module):
    """Whether a module was found on sys.path: neither built in nor frozen."""
    kinds = sys.modules["_frozen_importlib_external"].FileLoader, sys.modules["zipimport"].zipimporter
    return isinstance(getattr(getattr(module, "__spec__", None), "loader", None), kinds)


def move_new(before, behind):
    """Has the modules that are new look as if they had been loaded right after another one."""
    modules = sys.modules
    new = {name: module for name, module in modules.items() if name not in before}
    for name in new:
        del modules[name]
    items = list(modules.items())
    place = list(modules).index(behind) + 1
    modules.clear()
    modules.update(items[:place])
    modules.update(new)
    modules.update(items[place:])


class Difference:
    """What is to be different from how the checkpoint was started."""

    def __init__(self, build, options, environment, named_locale, locale):
        self.build = build
        self.settings = Settings(options, environment, named_locale, locale)
        self.settings.check_variables(build.variables, build.home_is_usual)
        before = build.settings.flags()
        self.flags = {name: value for name, value in self.settings.flags().items() if value != before.get(name)}
        if self.flags and not build.places.knows(self.flags.keys()):
            cold_start(f"this python does not show where it keeps {', '.join(self.flags)}")

    def apply(self, hidden):
        """Does all that comes before the streams are there. `hidden` is what will be shown for the program, if anything."""
        settings, build = self.settings, self.build
        if settings.optimize != build.settings.optimize:
            self.set_optimisation(settings.optimize)
        if self.flags:
            build.places.change(self.flags)
        sys.dont_write_bytecode = settings.dont_write_bytecode
        if settings.digits is not None:
            sys.set_int_max_str_digits(settings.digits)
        sys._xoptions.update(settings.shown_x)
        if settings.no_user_site:
            sys.modules["site"].ENABLE_USER_SITE = False
        if settings.isolated:
            sys.__dict__.pop("__interactivehook__", None)
        if settings.path != build.settings.path or build.is_always_different:
            self.set_path(hidden)
        if settings.ignore_environment:
            # Where C still asks for a variable, it finds none.
            for name in os.environ:
                if name.startswith("PYTHON"):
                    posix.unsetenv(name)

    def set_optimisation(self, level):
        tree = self.build.trees.get(level)
        if tree is None:
            cold_start(f"optimisation {level}, and what was loaded at build was compiled without")
        tree.take_place()
        for hidden in (self.build.hidden, self.build.lines):
            if hidden is not None:
                hidden.forget()
        builtins.__dict__["__debug__"] = level == 0

    def set_path(self, hidden):
        """Modules/getpath.py and Lib/site.py, removeduppaths."""
        build = self.build
        if build.settings.path:
            cold_start("PYTHONPATH is not what was given at build")
        folders = list(dict.fromkeys([os.path.abspath(path) for path in self.settings.path.split(":")]))
        names = ["sitecustomize", *build.started, *build.preloaded]
        if sys.modules["site"].ENABLE_USER_SITE:
            names.append("usercustomize")
        if hidden is not None:
            names += hidden.searched
        if self.settings.warnings:
            names += build.hidden.searched
        external = sys.modules["_frozen_importlib_external"]
        finders = {}
        for folder in folders:
            finders[folder] = finder = external.PathFinder._path_importer_cache(folder)
            if finder is None:
                continue
            if not isinstance(finder, external.FileFinder):
                cold_start(f"{folder} on PYTHONPATH is no folder")
            found = finds_any(finder, names)
            if found is not None:
                cold_start(f"{folder} on PYTHONPATH has a module {found}, which python loads when it starts")
        sys.path[:] = folders + [path for path in sys.path if path not in finders]
        cache = sys.path_importer_cache
        rest = {path: finder for path, finder in cache.items() if path not in finders}
        cache.clear()
        cache.update(finders)
        cache.update(rest)

    def set_warnings(self):
        """Python/pylifecycle.c, init_interp_main. When the streams are there: what is wrong is printed."""
        options = self.settings.warnings
        if options == self.build.settings.warnings:
            return
        if self.build.settings.warnings:
            cold_start("warnings are not treated as was given at build")
        if any("." in option for option in options):
            # A class of a module that would be imported earlier than here.
            cold_start("warnings of a module's own")
        sys.warnoptions[:] = options
        before = set(sys.modules)
        module = sys.modules.get("warnings")
        if module is None and "warnings" in self.build.hidden.modules:
            module = sys.modules["warnings"] = self.build.hidden.modules["warnings"]
        # What the user's program has prepared comes before, as if it had run later.
        prepared = _warnings.filters[: len(_warnings.filters) - len(self.build.filters)]
        if _warnings.filters[len(prepared) :] != self.build.filters:
            cold_start("the warnings' filters of the program that was run at build")
        del _warnings.filters[: len(prepared)]
        if module is None:
            # It looks at the options by itself.
            __import__("warnings")
        else:
            module._processoptions(options)
        for item in reversed(prepared):
            if item in _warnings.filters:
                _warnings.filters.remove(item)
            _warnings.filters.insert(0, item)
        filters_mutated()
        # They would have been loaded before what `site` needs.
        move_new(before, "__main__")


class Tree:
    """The modules that python loads when it starts, compiled for another level of optimisation."""

    def __init__(self, level, build):
        names = [name for name, module in sys.modules.items() if is_from_path(module)]
        before = dict(sys.modules)
        shown = dict(sys.path_importer_cache)
        for name in names:
            sys.modules.pop(name, None)
        build.places.change({"optimize": level})
        try:
            for name in names:
                __import__(name)
            self.modules = {name: sys.modules[name] for name in names}
        finally:
            build.places.change({"optimize": build.settings.optimize})
            sys.modules.clear()
            sys.modules.update(before)
            sys.path_importer_cache.clear()
            sys.path_importer_cache.update(shown)
        self.search = self.modules["encodings"].search_function
        # Loading it has registered it.
        _codecs.unregister(self.search)
        self.search_before = sys.modules["encodings"].search_function

    def take_place(self):
        sys.modules.update(self.modules)
        _codecs.unregister(self.search_before)
        _codecs.register(self.search)
