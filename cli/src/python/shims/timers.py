# Timers and `pause`: the C library has them, but this module was compiled without what reaches them.
if not hasattr(_signal, "setitimer"):
    def alarm(seconds, /):
        """Arrange for SIGALRM to arrive after this many seconds; 0 takes the last arrangement back. Return what was left of it."""
        import _ctypes, operator
        if not -1 << 31 <= operator.index(seconds) < 1 << 31:
            raise OverflowError("Python int too large to convert to C int")
        alarm = _ctypes.dlsym(_ctypes.dlopen(None, 0), "alarm")
        return _ctypes.call_function(alarm, (operator.index(seconds),))

    def pause():
        """Wait until a signal arrives."""
        import _ctypes
        _ctypes.call_function(_ctypes.dlsym(_ctypes.dlopen(None, 0), "pause"), ())

    def setitimer(which, seconds, interval=0.0, /):
        """Start a timer that runs out after `seconds`, then every `interval` seconds. Return (delay, interval) of the old one."""
        # The C library counts whole milliseconds, and would take a part of one for none. struct itimerval has the interval first.
        milliseconds = [-int(-time * 1000 // 1) for time in (interval, seconds)]
        if min(milliseconds) < 0:
            _refuse_itimer()
        return _itimer("setitimer", which, *(part for time in milliseconds for part in (time // 1000, time % 1000 * 1000)))

    def getitimer(which, /):
        """Return (delay, interval) of a timer."""
        return _itimer("getitimer", which)

    def _itimer(name, which, *new):
        import ctypes
        timer = ctypes.c_int64 * 4
        old = timer()
        timers = (timer(*new), old) if new else (old,)
        if getattr(ctypes.CDLL(None), name)(which, *timers) != 0:
            _refuse_itimer()
        # Its microseconds are all of them, those of the seconds too.
        return (old[2] + old[3] % 1_000_000 / 1_000_000, old[0] + old[1] % 1_000_000 / 1_000_000)

    def _refuse_itimer():
        from errno import EINVAL
        raise ItimerError(EINVAL, "Invalid argument")

