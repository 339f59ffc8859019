"""Unix sockets and sockets of IPv6, of which Pyodide's `_socket` understands no addresses.

The C library beneath understands them. So calls with an address are made with ctypes here, and all others are those of `_socket`.
Methods of `socket.socket` call the functions of the same name where the family is one of the two.
"""

import ctypes
import errno
import operator
import os
import select
import socket
import struct
import sys
import time

import _socket

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


def socketpair(family, type, proto):
    """Returns two sockets that are connected with each other."""
    numbers = (ctypes.c_int * 2)()
    _check(_library.socketpair(family, type | socket.SOCK_CLOEXEC, proto, numbers))
    sockets = []
    try:
        for number in numbers:
            sockets.append(_socket.socket(family, type, proto, number))
    except BaseException:
        for sock in sockets:
            sock.detach()
        for number in numbers:
            os.close(number)
        raise
    return tuple(sockets)


def bind(sock, address, /):
    sys.audit("socket.bind", sock, address)
    address = _to_c(sock, address, "bind")
    _check(_library.bind(sock.fileno(), address, len(address)))


def connect(sock, address, /):
    number = _connect(sock, address, "connect")
    if number:
        raise OSError(number, os.strerror(number))


def connect_ex(sock, address, /):
    try:
        return _connect(sock, address, "connect_ex")
    except TimeoutError:
        return errno.EAGAIN


def getsockname(sock, /):
    return _name(sock, _library.getsockname)


def getpeername(sock, /):
    return _name(sock, _library.getpeername)


def recvfrom(sock, bufsize, flags=0, /):
    if operator.index(bufsize) < 0:
        raise ValueError("negative buffersize in recvfrom")
    _, data, _, address = _receive(sock, bufsize, flags)
    return data, address


def recvfrom_into(sock, buffer, nbytes=0, flags=0):
    view = _writable(buffer, f"recvfrom_into() argument 1 must be read-write bytes-like object, not {type(buffer).__name__}")
    nbytes = operator.index(nbytes)
    if nbytes < 0:
        raise ValueError("negative buffersize in recvfrom_into")
    if nbytes > len(view):
        raise ValueError("nbytes is greater than the length of the buffer")
    count, data, _, address = _receive(sock, nbytes or len(view), flags)
    view[: len(data)] = data
    return count, address


def recvmsg(sock, bufsize, ancbufsize=0, flags=0, /):
    if operator.index(bufsize) < 0:
        raise ValueError("negative buffer size in recvmsg()")
    _check_room(ancbufsize)
    _, data, got, address = _receive(sock, bufsize, flags)
    return data, [], got, address


def recvmsg_into(sock, buffers, ancbufsize=0, flags=0, /):
    refusal = "recvmsg_into() argument 1 must be an iterable of single-segment read-write buffers"
    views = [_writable(buffer, refusal) for buffer in buffers]
    _check_room(ancbufsize)
    count, data, got, address = _receive(sock, sum(map(len, views)), flags)
    place = 0
    for view in views:
        piece = data[place : place + len(view)]
        view[: len(piece)] = piece
        place += len(piece)
    return count, [], got, address


def sendto(sock, data, *rest):
    if len(rest) not in (1, 2):
        raise TypeError(f"sendto() takes 2 or 3 arguments ({1 + len(rest)} given)")
    flags = rest[0] if len(rest) == 2 else 0
    sys.audit("socket.sendto", sock, rest[-1])
    return _send(sock, memoryview(data), flags, _to_c(sock, rest[-1], "sendto"))


def sendmsg(sock, buffers, ancdata=(), flags=0, address=None, /):
    ancdata = list(ancdata)
    if address is None or ancdata:
        # The system refuses what is sent beside messages, whoever they are for.
        return _socket.socket.sendmsg(sock, buffers, ancdata, flags)
    sys.audit("socket.sendmsg", sock, address)
    address = _to_c(sock, address, "sendmsg")
    return _send(sock, b"".join(memoryview(buffer) for buffer in buffers), flags, address)


def _accept(sock, /):
    room = _Room()
    call = lambda fd: _library.accept4(fd, *room.arguments(), socket.SOCK_CLOEXEC)
    return _wait_and_call(sock, select.POLLIN, call), room.address()


def _to_c(sock, address, call):
    return (_unix_to_c if sock.family == socket.AF_UNIX else _ipv6_to_c)(address, call)


def _name(sock, call):
    room = _Room()
    _check(call(sock.fileno(), *room.arguments()))
    return room.address()


class _Piece(ctypes.Structure):
    """`struct iovec`."""

    _fields_ = [("start", ctypes.c_void_p), ("size", ctypes.c_size_t)]


class _Message(ctypes.Structure):
    """`struct msghdr`."""

    _fields_ = [
        ("name", ctypes.c_void_p),
        ("name_size", ctypes.c_uint32),
        ("pieces", ctypes.POINTER(_Piece)),
        ("piece_count", ctypes.c_int),
        ("control", ctypes.c_void_p),
        ("control_size", ctypes.c_uint32),
        ("flags", ctypes.c_int),
    ]


def _check_room(ancbufsize):
    # There is nothing to put there: what is sent beside messages is not let through.
    if operator.index(ancbufsize) < 0:
        raise ValueError("invalid ancillary data buffer length")


def _writable(buffer, refusal):
    """Returns the bytes of a buffer that a message is to be received into."""
    view = memoryview(buffer)
    if view.readonly or not view.c_contiguous:
        raise TypeError(refusal)
    # Without items there is no shape to cast.
    return view.cast("B") if view.nbytes else memoryview(bytearray())


def _receive(sock, size, flags):
    """Receives a message. Returns how long it is, what of it there was room for, flags, and its sender."""
    size, flags = operator.index(size), operator.index(flags)
    buffer, sender = ctypes.create_string_buffer(size), ctypes.create_string_buffer(_ROOM)
    message = _Message(pieces=ctypes.pointer(_Piece(ctypes.addressof(buffer), size)), piece_count=1)

    def call(fd):
        message.name, message.name_size = ctypes.addressof(sender), _ROOM
        return _library.recvmsg(fd, ctypes.byref(message), flags)

    count = _wait_and_call(sock, select.POLLIN, call)
    # With MSG_TRUNC that can be more than there was room for.
    return count, buffer.raw[:count], message.flags, from_c(sender.raw[: message.name_size])


def _send(sock, data, flags, address):
    data = bytes(data)
    call = lambda fd: _library.sendto(fd, data, len(data), flags, address, len(address))
    return _wait_and_call(sock, select.POLLOUT, call)


def _connect(sock, address, call):
    """Connects. Returns the number of an error, or 0."""
    sys.audit("socket.connect", sock, address)
    address = _to_c(sock, address, call)
    timeout = sock.gettimeout()
    deadline = timeout and time.monotonic() + timeout
    if _library.connect(sock.fileno(), address, len(address)) == 0:
        return 0
    number = ctypes.get_errno()
    goes_on = number == errno.EINPROGRESS and timeout or number == errno.EINTR and timeout != 0
    if not goes_on:
        return number
    _wait(sock, select.POLLOUT, deadline)
    return sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)


def _wait_and_call(sock, event, call):
    """Makes a call as soon as there is something for it. Signals do not end that, unless their handlers fail."""
    timeout = sock.gettimeout()
    deadline = timeout and time.monotonic() + timeout
    while True:
        if timeout and sock.fileno() >= 0:
            _wait(sock, event, deadline)
        result = call(sock.fileno())
        again = ctypes.get_errno() == errno.EINTR or timeout and ctypes.get_errno() == errno.EAGAIN
        if result >= 0 or not again:
            return _check(result)


def _wait(sock, event, deadline):
    poll = select.poll()
    poll.register(sock.fileno(), event)
    left = None if deadline is None else max(0, deadline - time.monotonic()) * 1000
    if not poll.poll(left):
        raise TimeoutError("timed out")
