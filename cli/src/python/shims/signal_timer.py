
# The C library has timers, and this module was compiled without them.
if not hasattr(_signal, "setitimer"):
    def _timer(which, new):
        """Sets a timer, unless there is nothing to set it to. Returns what it was set to: seconds, and seconds between signals."""
        import ctypes
        import os

        library = ctypes.CDLL(None)
        old = (ctypes.c_int64 * 4)()
        number = 28  # EINVAL
        if 0 <= which <= 2 and min(new or [0]) >= 0:
            new = new and (ctypes.c_int64 * 4)(*new)
            number = library.setitimer(which, new, old) if new else library.getitimer(which, old)
        if number != 0:
            raise ItimerError(number, os.strerror(number))
        # The microseconds that it says are all of them, also those of the seconds.
        interval, left = (old[at] + old[at + 1] % 1000000 / 1000000 for at in (0, 2))
        return left, interval

    def setitimer(which, seconds, interval=0.0, /):
        """Sets a timer. Returns what it was set to: seconds, and seconds between signals."""
        # Rounded up: less than a microsecond is not none.
        new = [-int(-time * 1000000 // 1) for time in (interval, seconds)]
        return _timer(which, [part for time in new for part in divmod(time, 1000000)])

    def getitimer(which, /):
        """Returns what a timer is set to: seconds, and seconds between signals."""
        return _timer(which, None)

if not hasattr(_signal, "alarm"):
    def alarm(seconds, /):
        """Has SIGALRM come in so many seconds. Returns in how many it would have come."""
        left, _ = setitimer(ITIMER_REAL, seconds.__index__())
        return -int(-left // 1)
