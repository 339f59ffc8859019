"""Servers and their clients in one process and one thread: what a client sends waits until the server looks."""

import asyncio
import errno
import os
import selectors
import signal
import socket
import socketserver

# --- socketserver


class Upper(socketserver.StreamRequestHandler):
    def handle(self):
        self.wfile.write(self.rfile.readline().upper())


class UpperDatagram(socketserver.BaseRequestHandler):
    def handle(self):
        data, replies = self.request
        replies.sendto(data.upper(), self.client_address)


with socketserver.TCPServer(("127.0.0.1", 0), Upper) as server:
    for text in b"one\n", b"two\n":
        with socket.create_connection(server.server_address, timeout=10) as client:
            client.sendall(text)
            server.handle_request()
            print("tcp", client.recv(100), client.recv(100))
    server.timeout = 0.01
    server.handle_timeout = lambda: print("nobody")
    server.handle_request()
with socketserver.UDPServer(("127.0.0.1", 0), UpperDatagram) as server:
    with socket.socket(type=socket.SOCK_DGRAM) as client:
        client.bind(("127.0.0.1", 0))
        client.sendto(b"datagram", server.server_address)
        server.handle_request()
        print("udp", client.recvfrom(100) == (b"DATAGRAM", server.server_address))
with socketserver.UnixStreamServer("stream", Upper) as server:
    with socket.socket(socket.AF_UNIX) as client:
        client.connect("stream")
        client.sendall(b"unix\n")
        server.handle_request()
        print(server.server_address, client.recv(100), client.getpeername())
with socketserver.UnixDatagramServer("datagrams", UpperDatagram) as server:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as client:
        client.bind("client")
        client.sendto(b"unix datagram", "datagrams")
        server.handle_request()
        print(client.recvfrom(100))

# --- selectors: each kind, with many clients

for kind in "SelectSelector", "PollSelector", "DefaultSelector":
    with getattr(selectors, kind)() as selector, socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setblocking(False)
        selector.register(listener, selectors.EVENT_READ, None)
        clients = []
        for number in range(20):
            client = socket.create_connection(listener.getsockname(), timeout=10)
            client.sendall(b"client %d" % number)
            clients.append(client)
        served = 0
        while served < len(clients):
            for key, events in selector.select(10):
                if key.fileobj is listener:
                    accepted, _ = listener.accept()
                    accepted.setblocking(False)
                    selector.register(accepted, selectors.EVENT_READ, [])
                elif events & selectors.EVENT_READ:
                    key.data.append(key.fileobj.recv(100))
                    selector.modify(key.fileobj, selectors.EVENT_WRITE, key.data)
                else:
                    key.fileobj.sendall(b"".join(key.data)[::-1])
                    selector.unregister(key.fileobj)
                    key.fileobj.close()
                    served += 1
        answers = [client.recv(100) for client in clients]
        print(kind, answers == [(b"client %d" % number)[::-1] for number in range(20)], selector.select(0))
        for client in clients:
            client.close()

# --- asyncio


async def echo(reader, writer):
    while line := await reader.readline():
        writer.write(line)
        await writer.drain()
    writer.close()


async def talk(connect, number):
    reader, writer = await connect()
    for round in range(10):
        writer.write(f"{number} {round} {'x' * 5000}\n".encode())
        await writer.drain()
        line = await reader.readline()
        assert line.split()[:2] == [b"%d" % number, b"%d" % round], line
    writer.close()
    await writer.wait_closed()
    return number


async def streams():
    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    async with server:
        numbers = await asyncio.gather(*(talk(lambda: asyncio.open_connection(host, port), n) for n in range(100)))
    print("streams", sum(numbers))
    server = await asyncio.start_unix_server(echo, "asynchronous")
    async with server:
        connect = lambda: asyncio.open_unix_connection("asynchronous")
        print("unix streams", sum(await asyncio.gather(*(talk(connect, n) for n in range(10)))))
    # Only newer ones do this by themselves.
    if os.path.exists("asynchronous"):
        os.unlink("asynchronous")


class Answers(asyncio.DatagramProtocol):
    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, address):
        self.transport.sendto(data[::-1], address)


class Asks(asyncio.DatagramProtocol):
    def __init__(self, answers):
        self.answers = answers

    def datagram_received(self, data, address):
        self.answers.put_nowait(data)

    def error_received(self, error):
        self.answers.put_nowait(type(error).__name__)


async def datagrams():
    loop = asyncio.get_running_loop()
    server, _ = await loop.create_datagram_endpoint(Answers, ("127.0.0.1", 0))
    address = server.get_extra_info("sockname")
    answers = asyncio.Queue()
    asking, _ = await loop.create_datagram_endpoint(lambda: Asks(answers), remote_addr=address)
    for number in range(5):
        asking.sendto(b"%d abc" % number)
    print("datagrams", sorted([await answers.get() for _ in range(5)]))
    server.close()
    await asyncio.sleep(0)
    asking.sendto(b"lost")
    print("datagrams", await asyncio.wait_for(answers.get(), 10))
    asking.close()


async def times():
    try:
        await asyncio.wait_for(asyncio.sleep(100), 0.01)
    except TimeoutError as error:
        print(type(error).__name__)
    asked = asyncio.Event()

    async def wait(reader, writer):
        await asked.wait()
        writer.close()

    server = await asyncio.start_server(wait, "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    try:
        async with asyncio.timeout(0.01):
            await reader.read(1)
    except TimeoutError as error:
        print(type(error).__name__)
    asked.set()
    print(await reader.read(1))
    writer.close()
    server.close()


async def signals():
    loop = asyncio.get_running_loop()
    came = asyncio.Queue()
    for number in signal.SIGINT, signal.SIGTERM, signal.SIGUSR1, signal.SIGALRM:
        loop.add_signal_handler(number, came.put_nowait, number.name)
    for number in signal.SIGUSR1, signal.SIGTERM, signal.SIGINT:
        signal.raise_signal(number)
        print(await asyncio.wait_for(came.get(), 10))
    # A loop that waits is woken.
    signal.setitimer(signal.ITIMER_REAL, 0.02)
    print(await asyncio.wait_for(came.get(), 10), loop.remove_signal_handler(signal.SIGALRM))


for part in streams, datagrams, times, signals:
    asyncio.run(part())

# --- IPv6


def version_6():
    with socket.create_server(("::1", 0), family=socket.AF_INET6) as server:
        host, port, *rest = server.getsockname()
        with socket.create_connection((host, port), timeout=10) as client:
            accepted, peer = server.accept()
            client.sendall(b"version 6")
            print(host, rest, accepted.recv(100), peer == client.getsockname(), client.getpeername() == server.getsockname())
            print(repr(client).startswith("<socket.socket fd="), client.family.name, socket.has_ipv6)
            accepted.settimeout(0.01)
            try:
                accepted.recvfrom(1)
            except TimeoutError as error:
                print(type(error).__name__, error)
            accepted.close()
        server.settimeout(0.01)
        try:
            server.accept()
        except TimeoutError as error:
            print(type(error).__name__, error)
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as one, socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as other:
        one.bind(("::1", 0))
        print(other.sendto(b"abc", one.getsockname()), other.sendto(memoryview(b"defg"), 0, one.getsockname()))
        buffer = bytearray(10)
        print(one.recvfrom(2)[0], one.recvfrom_into(buffer)[0], buffer, one.getsockname()[2:])
    for text in "::\uff11", "x" * 70, "a..b", "1.2.3.4", b"::1", "::1\0", 7:
        try:
            socket.inet_pton(socket.AF_INET6, text)
        except (OSError, TypeError, ValueError) as error:
            print(type(error).__name__)
    print(socket.inet_pton(socket.AF_INET6, "2001:db8::7"), socket.inet_ntop(socket.AF_INET6, bytes(15) + b"\1"))
    print(socket.inet_pton(socket.AF_INET, "127.0.0.1"), socket.getaddrinfo("2001:db8::7", 80, type=socket.SOCK_STREAM))

    async def both():
        server = await asyncio.start_server(echo, "::1", 0)
        async with server:
            connect = lambda: asyncio.open_connection(*server.sockets[0].getsockname()[:2])
            print("streams of version 6", sum(await asyncio.gather(*(talk(connect, n) for n in range(10)))))
        server = await asyncio.start_server(echo, None, 0)
        print(sorted(listening.family.name for listening in server.sockets))
        server.close()

    asyncio.run(both())


try:
    socket.create_server(("::1", 0), family=socket.AF_INET6).close()
except OSError:
    print("this machine has no IPv6")
else:
    version_6()

# --- what Unix sockets have of their own

with socket.socket(socket.AF_UNIX) as server, socket.socket(socket.AF_UNIX) as client:
    server.bind("queue")
    server.listen(0)
    client.connect(b"queue")
    print(server.getsockname(), repr(client.getsockname()), client.getpeername())
    client.sendall(b"text")
    accepted, address = server.accept()
    print(repr(address), accepted.recvfrom(10), accepted.makefile().name == accepted.fileno())
    for path in "queue", "none", "x" * 200, "x" * 108, 5, "no/folder":
        for call in socket.socket(socket.AF_UNIX).bind, socket.socket(socket.AF_UNIX).connect:
            try:
                call(path)
            except (OSError, TypeError) as error:
                print(type(error).__name__, errno.errorcode.get(getattr(error, "errno", None)), end=" ")
        print()
    print([errno.errorcode[socket.socket(socket.AF_UNIX).connect_ex(path)] for path in ("none", "client")])
