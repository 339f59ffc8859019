"""What pyperformance's programs use of pyperf, made small: it only times.

pyperf starts many processes and looks for a number of loops by itself. Here a program runs in the process that was started
with it, as often as it is told to, because a guest of WebAssembly has no processes, and because all Pythons that are
compared have to do the same. Every benchmark of a program prints a line: `@bench ` and JSON.
"""

import argparse
import asyncio
import hashlib
import json
import sys
import time

perf_counter = time.perf_counter

# What a benchmark returned is compared between Pythons if it consists of nothing but these.
_PLAIN = (int, float, complex, str, bytes, bool, type(None))


def python_implementation():
    return sys.implementation.name


class Runner:
    """Runs the benchmarks of one program.

    `--loops N`: what a benchmark does between two looks at the clock, N times. `--loops NAME=N,...` says so for each, and
    those that are not named are not run. `--values N`: how often it is timed, if it is more than one loop; one that is so
    long that it is run but once is timed but once, and not run before. pyperf has options of these names, too.
    """

    # pyperf's parameters, none of which means anything here: how many processes, values and so on there are.
    def __init__(self, values=None, processes=None, loops=0, min_time=0.1, metadata=None, show_name=True,
                 program_args=None, add_cmdline_args=None, warmups=None):
        self.metadata = dict(metadata or {})
        self.args = None
        self.argparser = argparse.ArgumentParser()
        self.argparser.add_argument("--loops", type=_loops, default=1)
        self.argparser.add_argument("--values", type=int, default=1)

    def parse_args(self, args=None):
        if self.args is None:
            self.args = self.argparser.parse_args(args)
        return self.args

    def bench_time_func(self, name, time_func, *args, inner_loops=None, metadata=None):
        self._bench(name, lambda loops: time_func(loops, *args), inner_loops)

    def bench_func(self, name, func, *args, inner_loops=None, metadata=None):
        result = None

        def time_func(loops):
            nonlocal result
            returned = None
            start = perf_counter()
            for _ in range(loops):
                returned = func(*args)
            seconds = perf_counter() - start
            result = _digest(returned)
            return seconds

        self._bench(name, time_func, inner_loops, lambda: result)

    def bench_async_func(self, name, func, *args, inner_loops=None, metadata=None, loop_factory=None):
        async def main(loops):
            start = perf_counter()
            for _ in range(loops):
                await func(*args)
            return perf_counter() - start

        def time_func(loops):
            loop = _Loop()
            try:
                asyncio.set_event_loop(loop)
                return loop.run_until_complete(main(loops))
            finally:
                asyncio.set_event_loop(None)
                loop.close()

        self._bench(name, time_func, inner_loops)

    def bench_command(self, name, command):
        sys.exit(f"{name}: pyperf's stand-in starts no processes")

    def _bench(self, name, time_func, inner_loops, result=lambda: None):
        args = self.parse_args()
        loops = args.loops.get(name, 0) if isinstance(args.loops, dict) else args.loops
        if loops == 0:
            return
        values = args.values
        if loops == 1:
            values = 1
        else:
            time_func(1)
        seconds = [time_func(loops) / (loops * (inner_loops or 1)) for _ in range(values)]
        print("@bench " + json.dumps({"name": name, "seconds": seconds, "result": result()}), flush=True)


def _loops(text):
    if "=" not in text:
        return int(text)
    return {name: int(loops) for name, loops in (pair.split("=") for pair in text.split(","))}


class _Loop(asyncio.BaseEventLoop):
    """An event loop that waits for time alone: asyncio's own ones need sockets to wake themselves up."""

    def __init__(self):
        super().__init__()
        self._selector = self

    def select(self, timeout):
        if timeout is None:
            raise RuntimeError("nothing will ever happen any more")
        if timeout > 0:
            time.sleep(timeout)
        return ()

    def _process_events(self, events):
        pass

    def _write_to_self(self):
        pass


def _digest(value):
    """A text that is the same if the value is; None for values that Pythons may have different ones of."""
    text = _text(value)
    return None if text is None else hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _text(value):
    if isinstance(value, _PLAIN):
        return repr(value)
    if isinstance(value, (list, tuple)):
        parts = [_text(part) for part in value]
        return None if None in parts else f"{type(value).__name__}({','.join(parts)})"
    if isinstance(value, dict):
        parts = [_text(part) for pair in value.items() for part in pair]
        return None if None in parts else f"dict({','.join(parts)})"
    return None
