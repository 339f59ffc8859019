"""What goes wrong with sockets, and which exception says so."""

import asyncio
import contextlib
import errno
import os
import select
import socket
import struct
import sys

ANY = ("127.0.0.1", 0)


def attempt(name, what):
    try:
        print(name, what())
    except (OSError, ValueError, OverflowError, TypeError) as error:
        number = getattr(error, "errno", None)
        print(name, type(error).__name__, errno.errorcode.get(number, number))


def connected():
    with socket.create_server(ANY) as server:
        client = socket.create_connection(server.getsockname(), timeout=10)
        return client, server.accept()[0]


def reset():
    client, peer = connected()
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    peer.close()
    return client


attempt("reset, receiving", lambda: reset().recv(1))
client = reset()
attempt("reset, polling", lambda: select.select([client], [client], [], 10) == ([client], [client], []))
attempt("reset, its error", lambda: errno.errorcode[client.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)])
attempt("reset, sending", lambda: client.send(b"x"))
client = reset()
attempt("reset, sending first", lambda: client.send(b"x"))
attempt("reset, sending again", lambda: client.send(b"x"))
client, peer = connected()
client.shutdown(socket.SHUT_WR)
attempt("shut, sending", lambda: client.send(b"x"))
attempt("shut, the peer", lambda: peer.recv(1))
reader, writer = os.pipe()
os.close(reader)
attempt("pipe", lambda: os.write(writer, b"x"))

with socket.create_server(ANY) as server:
    used = server.getsockname()
    attempt("in use", lambda: socket.create_server(used))
    attempt("nothing to receive", lambda: (s := socket.create_connection(used), s.setblocking(False), s.recv(1)))
    attempt("not connected", lambda: socket.socket().recv(1))
    attempt("not connected, sending", lambda: socket.socket().send(b"x"))
    attempt("not connected, shutting", lambda: socket.socket().shutdown(2))
    attempt("not connected, peer", lambda: socket.socket().getpeername())
    attempt("connected twice", lambda: socket.create_connection(used, timeout=10).connect(used))
    attempt("bound twice", lambda: server.bind(ANY))
    attempt("accepting nobody", lambda: (server.setblocking(False), [server.accept() for _ in range(100)]))
attempt("accepting without listening", lambda: socket.socket().accept())
attempt("refused", lambda: socket.create_connection(used, timeout=10))
attempt("refused, without waiting", lambda: (s := socket.socket(), s.setblocking(False), s.connect(used)))
attempt("not here", lambda: socket.socket().bind(("192.0.2.1", 0)))
try:
    socket.socket(socket.AF_INET6).bind(ANY)
except socket.gaierror as error:
    print("family", type(error).__name__)
attempt("family of a socket", lambda: socket.socket(12345))
attempt("type of a socket", lambda: socket.socket(socket.AF_INET, 77))
attempt("protocol of a socket", lambda: socket.socket(socket.AF_INET, socket.SOCK_STREAM, 17))
attempt("datagram without address", lambda: socket.socket(type=socket.SOCK_DGRAM).send(b"x"))
attempt("too large a datagram", lambda: socket.socket(type=socket.SOCK_DGRAM).sendto(bytes(70000), used))
attempt("option", lambda: socket.socket().getsockopt(socket.SOL_SOCKET, 12345))
attempt("no socket", lambda: socket.socket(fileno=os.pipe()[0]))
attempt("descriptor", lambda: socket.socket(fileno=12345))

attempt("receiving -1", lambda: socket.socket().recv(-1))
attempt("receiving into", lambda: socket.socket().recv_into(bytearray(1), -1))
attempt("receiving too much", lambda: socket.socket().recv_into(bytearray(1), 2))
attempt("receiving from -1", lambda: socket.socket().recvfrom(-1))
attempt("port -1", lambda: socket.socket().connect(("127.0.0.1", -1)))
attempt("port 65536", lambda: socket.socket().bind(("127.0.0.1", 65536)))
attempt("address of three", lambda: socket.socket().connect(("127.0.0.1", 1, 2)))
attempt("address of text", lambda: socket.socket().connect("127.0.0.1:1"))
attempt("option of 0 bytes", lambda: socket.socket().setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, b""))
attempt("time-out -1", lambda: socket.socket().settimeout(-1))

closed = socket.socket()
number = closed.fileno()
closed.close()
attempt("closed, receiving", lambda: closed.recv(1))
attempt("closed, connecting", lambda: closed.connect(used))
for family, address in (socket.AF_INET, used), (socket.AF_INET6, ("::1", 1)), (socket.AF_UNIX, "none"):
    gone = socket.socket(family, socket.SOCK_DGRAM)
    attempt("negative, receiving from", lambda: gone.recvfrom(-1))
    attempt("texts", lambda: gone.sendto("text", address))
    gone.settimeout(1)
    gone.close()
    attempt("closed, receiving from", lambda: gone.recvfrom(1))
    attempt("closed, sending to", lambda: gone.sendto(b"x", address))
    attempt("closed, connecting", lambda: gone.connect(address))
    attempt("closed, its name", gone.getsockname)
attempt("closed, select of an object", lambda: select.select([closed], [], [], 0))
attempt("negative, select", lambda: select.select([-1], [], [], 0))
attempt("beyond, select", lambda: select.select([1024], [], [], 0))
attempt("negative time, select", lambda: select.select([], [], [], -1))
poll = select.poll()
poll.register(number, select.POLLIN)
attempt("closed, poll", lambda: poll.poll(0) == [(number, select.POLLNVAL)])
attempt("not registered", lambda: poll.modify(5000, 1))


async def loops():
    loop = asyncio.get_running_loop()
    attempt("closed, asyncio", lambda: loop.add_reader(closed, print))
    try:
        await loop.sock_recv(closed, 1)
    except (OSError, ValueError) as error:
        print("closed, asyncio receiving", type(error).__name__)
    try:
        await asyncio.open_connection(*used)
    except OSError as error:
        print("refused, asyncio", type(error).__name__, errno.errorcode[error.errno])
    client, peer = connected()
    reader, writer = await asyncio.open_connection(sock=client)
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    peer.close()
    try:
        print(await reader.read(1))
    except OSError as error:
        print("reset, asyncio", type(error).__name__, errno.errorcode[error.errno])


asyncio.run(loops())

# --- descriptors: all of them, and then again

closing = {"pipe": lambda pipe: [os.close(each) for each in pipe]}
for name, make in {
    "socket": socket.socket,
    "unix socket": lambda: socket.socket(socket.AF_UNIX),
    "file": lambda: open("file", "w"),
    "pipe": os.pipe,
}.items():
    kept, kept_too = [], []
    try:
        while True:
            kept.append(make())
    except OSError as error:
        print("all descriptors,", name, type(error).__name__, errno.errorcode[error.errno], len(kept) > 20)
    # Pipes take two each, so that one may be left.
    with contextlib.suppress(OSError):
        while True:
            kept_too.append(socket.socket())
    attempt("all descriptors, a socket", socket.socket)
    attempt("all descriptors, a file", lambda: open("file"))
    attempt("all descriptors, a folder", lambda: os.listdir("."))
    try:
        print(socket.getaddrinfo("localhost", 80))
    except OSError as error:
        # Natively the C library may say that there is no such name.
        print("all descriptors, a name", sys.platform != "emscripten" or errno.errorcode[error.errno] == "EMFILE")
    for one in kept:
        closing.get(name, lambda one: one.close())(one)
    for one in kept_too:
        one.close()
    client, peer = connected()
    client.sendall(b"again")
    print(peer.recv(10))
    client.close()
    peer.close()
    open("file", "w").close()
