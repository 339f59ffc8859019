"""Runs what the user gave as `--checkpoint=PRELUDE.py` in a python that starts without its checkpoint.

Such a process has this folder before everything else on PYTHONPATH, and `site` imports this file. It leaves no trace of
itself but what PRELUDE.py does; what that prints was shown when the executable was made, and is not again. Where python
does not heed PYTHONPATH (-E, -I) or does not import `site` (-S), nothing of this happens.
"""

import os
import posix
import sys

PRELUDE = "/.adder/prelude.py"


def hide():
    here = os.path.dirname(__file__)
    _, _, rest = os.environ.get("PYTHONPATH", "").partition(":")
    for dictionary, name, value in (
        (os.environ, "PYTHONPATH", rest),
        (posix.environ, b"PYTHONPATH", os.fsencode(rest)),
    ):
        if rest:
            dictionary[name] = value
        else:
            dictionary.pop(name, None)
    sys.path.remove(here)
    sys.path_importer_cache.pop(here, None)
    del sys.modules["sitecustomize"]


class Quiet:
    """A stream that is silent at first, and then another one: also for those who have kept it."""

    def __init__(self, stream):
        self._stream, self._is_silent = stream, True

    def __getattr__(self, name):
        return getattr(self._stream, name)

    def write(self, text):
        return len(text) if self._is_silent else self._stream.write(text)

    def writelines(self, lines):
        for line in lines:
            self.write(line)


def prepare():
    streams = sys.stdout, sys.stderr
    quiet = sys.stdout, sys.stderr = [None if stream is None else Quiet(stream) for stream in streams]
    try:
        run()
    except BaseException:
        sys.stdout, sys.stderr = streams
        sys.excepthook(*sys.exc_info())
        os._exit(1)
    for stream in filter(None, quiet):
        stream._is_silent = False
    # Unless the program has others.
    if sys.stdout is quiet[0]:
        sys.stdout = streams[0]
    if sys.stderr is quiet[1]:
        sys.stderr = streams[1]


def run():
    with open(PRELUDE, "rb") as file:
        source = file.read()
    exec(compile(source, PRELUDE, "exec"), {"__name__": "__adder_prelude__", "__file__": PRELUDE})
    function = sys.__dict__.pop("__adder_restored__", None)
    if function is not None:
        function()


hide()
try:
    # The user's own, if there is one; what `site` makes of an error is the same.
    __import__("sitecustomize")
finally:
    prepare()
