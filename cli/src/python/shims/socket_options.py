# Options that this module was compiled without, with their numbers on Linux.
for _name, _number in ("SO_REUSEADDR", 2), ("SO_REUSEPORT", 15):
    if not hasattr(_socket, _name):
        setattr(_socket, _name, _number)
del _name, _number
