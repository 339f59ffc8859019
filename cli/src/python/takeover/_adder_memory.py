"""What CPython keeps in C of how it was started: sys.flags, and the numbers that the compiler and others look at.

Python has no way to change them after the start, so this writes to memory, by a file whose offsets are addresses. Where
things are is found out when the checkpoint is made, by what they hold then; and what is found is tried. What cannot be found
is not changed: then a process that needs it starts from the beginning.
"""

import _io
import posix
import sys

MEMORY = "/.adder/memory"
WORD = 4
# So much is searched at once, in bytes.
CHUNK = 1 << 16

# Include/cpython/initconfig.h: consecutive members of PyConfig, the same from 3.10 to 3.14.
CONFIGURATION = (
    "site_import bytes_warning warn_default_encoding inspect interactive optimize debug write_bytecode verbose quiet "
    "user_site configure_c_stdio buffered_stdio"
).split()
# The same of PyPreConfig, which starts with two numbers that are not 0.
PRECONFIGURATION = "isolated use_environment configure_locale coerce coerce_warn utf8_mode dev_mode".split()

# A reference count from which on an object never goes, whatever the version.
IMMORTAL = 1 << 29


class Memory:
    """The memory, open."""

    def __enter__(self):
        self.descriptor = posix.open(MEMORY, posix.O_RDWR)
        return self

    def __exit__(self, *_):
        posix.close(self.descriptor)

    def read(self, address, size):
        return posix.pread(self.descriptor, size, address)

    def word(self, address):
        return int.from_bytes(self.read(address, WORD), "little")

    def put(self, address, value):
        posix.pwrite(self.descriptor, words([value]), address)

    def find(self, pattern):
        """All the addresses of words where this is."""
        base = 0
        while True:
            try:
                chunk = self.read(base, CHUNK + len(pattern))
            except OSError:
                # Behind the last whole piece of this size there is the heap's end, and no static data.
                return
            place = chunk.find(pattern)
            while 0 <= place < CHUNK:
                if (base + place) % WORD == 0:
                    yield base + place
                place = chunk.find(pattern, place + 1)
            base += CHUNK


def words(values):
    return b"".join([value.to_bytes(WORD, "little") for value in values])


class Places:
    """Where things are: addresses, or None."""

    def __init__(self, unbuffered):
        flags = sys.flags
        known = {
            "site_import": 1,
            "write_bytecode": not flags.dont_write_bytecode,
            "user_site": not flags.no_user_site,
            "configure_c_stdio": 1,
            "buffered_stdio": not unbuffered,
            "use_environment": not flags.ignore_environment,
            "configure_locale": 1,
            "coerce": 0,
            "coerce_warn": 0,
        }
        value = lambda name: int(known[name] if name in known else getattr(flags, name))
        with Memory() as memory:
            self.configuration = self.find(memory, map(value, CONFIGURATION), is_configuration)
            self.preconfiguration = self.find(memory, map(value, PRECONFIGURATION), is_preconfiguration)
            # The items of a structure are those of a tuple.
            items = words(map(id, flags))
            place = memory.read(id(flags), 8 * WORD + len(items)).find(items)
        self.flags = id(flags) + place if place >= 0 else None
        self.names = type(flags).__match_args__

    @staticmethod
    def find(memory, values, is_it):
        pattern = words(values)
        found = [address for address in memory.find(pattern) if is_it(memory, address)]
        return found[0] if len(found) == 1 else None

    def knows(self, names):
        """Whether all of these fields of sys.flags can be changed."""
        needed = self.flags is not None and names <= set(self.names)
        if not names.isdisjoint(CONFIGURATION):
            needed = needed and self.configuration is not None
        return needed and ("utf8_mode" not in names or self.preconfiguration is not None)

    def change(self, fields):
        """Gives fields of sys.flags other values, also where C looks for them."""
        with Memory() as memory:
            for name, value in fields.items():
                memory.put(self.flags + WORD * self.names.index(name), id(value))
                keep_alive(memory, value)
                if name in CONFIGURATION:
                    memory.put(self.configuration + WORD * CONFIGURATION.index(name), value)
                elif name == "utf8_mode":
                    memory.put(self.preconfiguration + WORD * PRECONFIGURATION.index(name), value)


def keep_alive(memory, value):
    """Counts the reference that was put somewhere."""
    count = memory.word(id(value))
    if count < IMMORTAL:
        memory.put(id(value), count + 1)


def tried(memory, address, value, question):
    """What a question is answered with while something else is there."""
    before = memory.word(address)
    memory.put(address, value)
    try:
        return question()
    finally:
        memory.put(address, before)


def is_configuration(memory, address):
    """Whether `compile` looks there."""
    level = address + WORD * CONFIGURATION.index("optimize")
    leaves_out = lambda: compile("assert x", "", "exec").co_names == ()
    return tried(memory, level, 0, leaves_out) is False and tried(memory, level, 1, leaves_out) is True


def is_preconfiguration(memory, address):
    """Whether `open` looks there."""
    # Include/cpython/initconfig.h: how it was initialised, and whether arguments were parsed.
    if not all(number in (1, 2, 3) for number in (memory.word(address - 2 * WORD), memory.word(address - WORD))):
        return False
    mode = address + WORD * PRECONFIGURATION.index("utf8_mode")
    encoding = lambda: _io.text_encoding(None)
    return tried(memory, mode, 0, encoding) == "locale" and tried(memory, mode, 1, encoding) == "utf-8"
