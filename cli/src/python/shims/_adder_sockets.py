"""Unix sockets and sockets of IPv6, of which Pyodide's `_socket` understands no addresses.

The C library beneath understands them. So calls with an address are made with ctypes here, and all others are those of `_socket`.
`socket.socket` becomes this class where the family is one of the two.
"""

import ctypes
import errno
import os
import select
import socket
import struct
import sys
import time

_library = ctypes.CDLL(None, use_errno=True)
_ROOM = 128  # bytes of the longest address
_UNIX_BYTES = 108  # of which so many are a path
_FAMILY = struct.Struct("<H")
_PORT_AND_FLOW = struct.Struct("!HI")


def inet_pton(address):
    """Returns the bytes of an address of IPv6."""
    packed = ctypes.create_string_buffer(16)
    if not isinstance(address, str):
        raise TypeError(f"inet_pton() argument 2 must be str, not {type(address).__name__}")
    if "\0" in address:
        raise ValueError("embedded null character")
    if _library.inet_pton(socket.AF_INET6, address.encode(), packed) != 1:
        raise OSError("illegal IP address string passed to inet_pton")
    return packed.raw


def inet_ntop(packed):
    """Returns an address of IPv6 as a text."""
    packed = bytes(packed)
    if len(packed) != 16:
        raise ValueError("invalid length of packed IP address string")
    text = ctypes.create_string_buffer(64)
    _library.inet_ntop(socket.AF_INET6, packed, text, len(text))
    return text.value.decode()


def _unix_to_c(address, call):
    path = os.fsencode(address) if isinstance(address, str) else bytes(memoryview(address))
    # Of no path, Linux makes one up.
    is_abstract = path[:1] in (b"", b"\0")
    if len(path) > _UNIX_BYTES - (not is_abstract):
        raise OSError("AF_UNIX path too long")
    return _FAMILY.pack(socket.AF_UNIX) + path + (b"" if is_abstract else b"\0")


def _ipv6_to_c(address, call):
    if not isinstance(address, tuple):
        raise TypeError(f"{call}(): AF_INET6 address must be tuple, not {type(address).__name__}")
    if not 2 <= len(address) <= 4:
        raise TypeError(f"{call}(): AF_INET6 address must be a tuple (host, port[, flowinfo[, scopeid]])")
    host, port, flow, scope = *address, *(0, 0)[len(address) - 2 :]
    if not isinstance(host, (str, bytes, bytearray)):
        raise TypeError(f"str, bytes or bytearray expected, not {type(host).__name__}")
    if not 0 <= port <= 0xFFFF:
        raise OverflowError(f"{call}(): port must be 0-65535.")
    if not 0 <= flow <= 0xFFFFF:
        raise OverflowError(f"{call}(): flowinfo must be 0-1048575.")
    if not 0 <= scope < 1 << 32:
        raise OverflowError(f"{call}(): scope id is not of 32 bits")
    try:
        packed = inet_pton(host.decode("ascii") if isinstance(host, (bytes, bytearray)) else host or "::")
    except (OSError, UnicodeError):
        host, *_, own_scope = socket.getaddrinfo(host, None, socket.AF_INET6, socket.SOCK_DGRAM)[0][4]
        packed, scope = inet_pton(host), scope or own_scope
    return _FAMILY.pack(socket.AF_INET6) + _PORT_AND_FLOW.pack(port, flow) + packed + struct.pack("<I", scope)


def from_c(address):
    """Returns an address as programs have it; nothing of no bytes."""
    if not address:
        return None
    family, = _FAMILY.unpack_from(address)
    if family == socket.AF_INET6:
        port, flow = _PORT_AND_FLOW.unpack_from(address, 2)
        scope, = struct.unpack_from("<I", address, 24)
        return inet_ntop(address[8:24]), port, flow, scope
    path = address[2:]
    return path if path.startswith(b"\0") else os.fsdecode(path.split(b"\0")[0])


class _Room:
    """Room for an address that a call writes."""

    def __init__(self):
        self.bytes = ctypes.create_string_buffer(_ROOM)
        self.size = ctypes.c_uint32()

    def arguments(self):
        self.size.value = _ROOM
        return self.bytes, ctypes.byref(self.size)

    def address(self):
        return from_c(self.bytes.raw[: self.size.value])


def _check(result):
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result


class Socket(socket.socket):
    __slots__ = ()

    def bind(self, address):
        sys.audit("socket.bind", self, address)
        address = self._to_c(address, "bind")
        _check(_library.bind(self.fileno(), address, len(address)))

    def connect(self, address):
        number = self._connect(address, "connect")
        if number:
            raise OSError(number, os.strerror(number))

    def connect_ex(self, address):
        try:
            return self._connect(address, "connect_ex")
        except TimeoutError:
            return errno.EAGAIN

    def getsockname(self):
        return self._name(_library.getsockname)

    def getpeername(self):
        return self._name(_library.getpeername)

    def recvfrom(self, bufsize, flags=0, /):
        if bufsize < 0:
            raise ValueError("negative buffersize in recvfrom")
        buffer = ctypes.create_string_buffer(bufsize)
        count, address = self._receive(buffer, bufsize, flags)
        return buffer.raw[:count], address

    def recvfrom_into(self, buffer, nbytes=0, flags=0):
        view = memoryview(buffer).cast("B")
        if nbytes < 0:
            raise ValueError("negative buffersize in recvfrom_into")
        if nbytes > len(view):
            raise ValueError("nbytes is greater than the length of the buffer")
        data, address = self.recvfrom(nbytes or len(view), flags)
        view[: len(data)] = data
        return len(data), address

    def sendto(self, data, *rest):
        if len(rest) not in (1, 2):
            raise TypeError(f"sendto() takes 2 or 3 arguments ({1 + len(rest)} given)")
        flags = rest[0] if len(rest) == 2 else 0
        sys.audit("socket.sendto", self, rest[-1])
        address = self._to_c(rest[-1], "sendto")
        data = bytes(memoryview(data))
        call = lambda fd: _library.sendto(fd, data, len(data), flags, address, len(address))
        return self._wait_and_call(select.POLLOUT, call)

    def _accept(self):
        room = _Room()
        call = lambda fd: _library.accept4(fd, *room.arguments(), socket.SOCK_CLOEXEC)
        return self._wait_and_call(select.POLLIN, call), room.address()

    def _to_c(self, address, call):
        return (_unix_to_c if self.family == socket.AF_UNIX else _ipv6_to_c)(address, call)

    def _name(self, call):
        room = _Room()
        _check(call(self.fileno(), *room.arguments()))
        return room.address()

    def _receive(self, buffer, size, flags):
        room = _Room()
        call = lambda fd: _library.recvfrom(fd, buffer, size, flags, *room.arguments())
        return self._wait_and_call(select.POLLIN, call), room.address()

    def _connect(self, address, call):
        """Connects. Returns the number of an error, or 0."""
        sys.audit("socket.connect", self, address)
        address = self._to_c(address, call)
        timeout = self.gettimeout()
        deadline = timeout and time.monotonic() + timeout
        if _library.connect(self.fileno(), address, len(address)) == 0:
            return 0
        number = ctypes.get_errno()
        goes_on = number == errno.EINPROGRESS and timeout or number == errno.EINTR and timeout != 0
        if not goes_on:
            return number
        self._wait(select.POLLOUT, deadline)
        return self.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)

    def _wait_and_call(self, event, call):
        """Makes a call as soon as there is something for it. Signals do not end that, unless their handlers fail."""
        timeout = self.gettimeout()
        deadline = timeout and time.monotonic() + timeout
        while True:
            if timeout and self.fileno() >= 0:
                self._wait(event, deadline)
            result = call(self.fileno())
            again = ctypes.get_errno() == errno.EINTR or timeout and ctypes.get_errno() == errno.EAGAIN
            if result >= 0 or not again:
                return _check(result)

    def _wait(self, event, deadline):
        poll = select.poll()
        poll.register(self.fileno(), event)
        left = None if deadline is None else max(0, deadline - time.monotonic()) * 1000
        if not poll.poll(left):
            raise TimeoutError("timed out")


# What messages and `repr` call it.
Socket.__module__, Socket.__name__, Socket.__qualname__ = "socket", "socket", "socket"
