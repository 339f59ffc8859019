"""What a socket can do, of each family: IPv6 and Unix sockets are what those of IPv4 are."""

import array
import contextlib
import copy
import errno
import importlib
import pickle
import socket


def show(label, function):
    try:
        print(label, function())
    except (OSError, TypeError, ValueError, OverflowError) as error:
        print(label, type(error).__name__, errno.errorcode.get(getattr(error, "errno", None)))


def fresh(family):
    """Returns an address to bind to."""
    fresh.count += 1
    return f"socket {fresh.count}" if family == socket.AF_UNIX else ("::1" if family == socket.AF_INET6 else "127.0.0.1", 0)


fresh.count = 0


class Two:
    """A number, but no int."""

    def __index__(self):
        return 2


def host(address):
    return address[0] if isinstance(address, tuple) else address


def listening(family, cls=socket.socket):
    server = cls(family)
    server.bind(fresh(family))
    server.listen()
    return server


class Derived(socket.socket):
    def connect(self, address):
        print("connects")
        return super().connect(address)


def kinds(family):
    """Classes, copies and texts of sockets."""
    with listening(family) as server, socket.socket(family) as client:
        name = server.getsockname()
        client.connect(name)
        print(type(client).__mro__, type(server.accept()[0]) is socket.socket)
        print(repr(client).count("family="), repr(client).count("laddr="), repr(client).count("raddr="))
        with client.dup() as other:
            print(type(other) is socket.socket, other.family, host(other.getpeername()))
        with socket.fromfd(client.fileno(), family, socket.SOCK_STREAM) as other:
            print(type(other) is socket.socket, other.family, host(other.getpeername()))
        # What a number is, the system says.
        with socket.socket(fileno=client.dup().detach()) as other:
            print(other.family.name, other.type.name, host(other.getpeername()))
        gone = client.dup()
        with socket.socket(family, fileno=gone.detach()) as other:
            print(gone.fileno(), repr(gone).partition(",")[0], host(other.getpeername()))
        show("pickle", lambda: pickle.dumps(client))
        show("copy", lambda: copy.copy(client))
        show("attribute", lambda: hasattr(client, "__dict__"))
        with Derived(family) as derived:
            derived.connect(name)
            accepted, _ = server.accept()
            derived.sendall(b"from derived")
            print(type(derived.dup()), host(derived.getpeername()), accepted.recvfrom(4)[0], accepted.makefile("rb").read(3))
            accepted.close()
    show("closed", client.getsockname)
    with listening(family, Derived) as server, Derived(family) as client:
        client.connect(server.getsockname())
        accepted, _ = server.accept()
        print(type(accepted) is socket.socket)
        accepted.close()


def messages(family):
    """Calls that take pieces, and what is sent beside messages."""
    with listening(family) as server, socket.socket(family) as client:
        client.connect(server.getsockname())
        accepted, _ = server.accept()
        buffer, other = bytearray(3), bytearray(4)
        print(client.sendmsg([b"ab", bytearray(b"cd"), memoryview(b"efghij")]), accepted.recvmsg(4))
        print(accepted.recvmsg_into([buffer, other], 100), buffer, other)
        client.sendall(b"0123456")
        print(accepted.recv_into(buffer), accepted.recvfrom_into(other, 2)[0], accepted.recvfrom(10)[0], buffer, other)
        client.shutdown(socket.SHUT_WR)
        print(accepted.recvmsg(10), accepted.recvmsg_into([]))
        accepted.close()
    with socket.socket(family, socket.SOCK_DGRAM) as one, socket.socket(family, socket.SOCK_DGRAM) as two:
        one.bind(fresh(family))
        two.bind(fresh(family))
        for size, flags in (10, 0), (3, 0), (10, socket.MSG_PEEK), (0, 0):
            print(two.sendmsg([b"12", b"345"], [], 0, one.getsockname()))
            data, beside, got, sender = one.recvmsg(size, 0, flags)
            print(data, beside, got == socket.MSG_TRUNC, sender == two.getsockname())
        # What was only looked at is there still.
        print(one.recvfrom(10)[0])
        two.sendto(b"123456", one.getsockname())
        print(one.recvmsg_into([buffer])[0], buffer)
        for value in -1, 1.5, "x":
            show("size", lambda: one.recvmsg(value))
            show("room", lambda: one.recvmsg(1, value))
        show("nowhere", lambda: two.sendmsg([b"x"], [], 0, 5))
        show("text", lambda: two.sendmsg(["x"], [], 0, one.getsockname()))
        one.setblocking(False)
        show("at once", lambda: one.recvmsg(1))
        one.settimeout(0.01)
        show("in time", lambda: one.recvmsg_into([buffer]))


def into(family):
    """Buffers that a message is received into."""
    with socket.socket(family, socket.SOCK_DGRAM) as one, socket.socket(family, socket.SOCK_DGRAM) as two:
        one.bind(fresh(family))
        one.settimeout(10)
        send = lambda count: [two.sendto(b"%d2345" % number, one.getsockname()) for number in range(count)]
        send(1)
        every_other = memoryview(bytearray(6))[::2]
        for wrong in b"abc", every_other, "abc", 5:
            show("wrong", lambda: one.recvfrom_into(wrong))
            show("wrong piece", lambda: one.recvmsg_into([bytearray(1), wrong]))
        show("no pieces", lambda: one.recvmsg_into(5))
        for value in 1.5, -1, 4:
            show("room", lambda: one.recvfrom_into(bytearray(3), value))
        print("kept", one.recvfrom(10)[0])
        send(6)
        buffer, pieces = bytearray(3), [array.array("B"), array.array("h", [0]), bytearray(1)]
        print(one.recvfrom_into(buffer, Two())[0], buffer, one.recvfrom(Two())[0], one.recvmsg(Two())[0])
        print(one.recvmsg_into(pieces)[0], [bytes(piece) for piece in pieces])
        print(one.recvfrom_into(buffer, flags=socket.MSG_TRUNC)[0], buffer)
        print(one.recvmsg_into(pieces, 0, socket.MSG_TRUNC)[0], [bytes(piece) for piece in pieces])


def pairs():
    for arguments in (), (socket.AF_UNIX,), (socket.AF_UNIX, socket.SOCK_DGRAM):
        one, two = socket.socketpair(*arguments)
        with one, two:
            print(one.family.name, one.type.name, type(two) is socket.socket, one.get_inheritable(), two.gettimeout())
            one.sendall(b"text")
            print(two.recv(10), repr(one.getpeername()), one.fileno() != two.fileno())
    show("kind", lambda: socket.socketpair(socket.AF_UNIX, 77))


families = [socket.AF_INET, socket.AF_INET6, socket.AF_UNIX]
try:
    listening(socket.AF_INET6).close()
except OSError:
    print("this machine has no IPv6")
    families.remove(socket.AF_INET6)
for family in families:
    print("---", family.name)
    kinds(family)
    messages(family)
    into(family)
pairs()

# A module that is imported once more has a class of its own.
before = socket.socket
importlib.reload(socket)
print(before is socket.socket)
for family in families:
    with contextlib.closing(listening(family)) as server, socket.socket(family) as client:
        client.connect(server.getsockname())
        accepted, _ = server.accept()
        client.sendmsg([b"text"])
        print(type(client) is socket.socket, isinstance(accepted, socket.socket), isinstance(client, before), accepted.recvmsg(9)[0])
        accepted.close()
