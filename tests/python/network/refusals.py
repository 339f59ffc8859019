"""What is refused where nothing of the network was granted: to use a port of another process, and everything else."""

import asyncio, errno, socket, sys
def attempt(name, what):
    try:
        print(name, what())
    except OSError as error:
        print(name, type(error).__name__, errno.errorcode.get(error.errno, error.errno))
port = int(sys.argv[1])
there = ("127.0.0.1", port)
attempt("connect", lambda: socket.create_connection(there, timeout=5))
attempt("connect_ex", lambda: errno.errorcode[socket.socket().connect_ex(there)])
attempt("connect by name", lambda: socket.create_connection(("localhost", port), timeout=5))
attempt("connect by version 6", lambda: socket.socket(socket.AF_INET6).connect(("::ffff:127.0.0.1", port)))
attempt("send", lambda: socket.socket(type=socket.SOCK_DGRAM).sendto(b"x", there))
attempt("connect datagrams", lambda: socket.socket(type=socket.SOCK_DGRAM).connect(there))
attempt("send by version 6", lambda: socket.socket(socket.AF_INET6, socket.SOCK_DGRAM).sendto(b"x", ("::1", port)))
attempt("bind", lambda: socket.socket().bind(("0.0.0.0", 0)))
attempt("bind here", lambda: socket.socket().bind(("127.0.0.1", 1)))
attempt("bind by version 6", lambda: socket.socket(socket.AF_INET6).bind(("::", 0)))
attempt("bind datagrams", lambda: socket.socket(type=socket.SOCK_DGRAM).bind(("127.0.0.1", 0)))
attempt("listen", lambda: socket.socket().listen())
attempt("abstract", lambda: socket.socket(socket.AF_UNIX).bind("\0adder-test"))
attempt("abstract too", lambda: socket.socket(socket.AF_UNIX).connect("\0adder-test"))
attempt("path", lambda: socket.socket(socket.AF_UNIX).bind("/socket-of-a-test"))
attempt("path too", lambda: socket.socket(socket.AF_UNIX).connect("/socket-of-a-test"))
attempt("name", lambda: socket.getaddrinfo("example.invalid", 80))
attempt("name of a number", lambda: socket.getnameinfo(there, socket.NI_NAMEREQD))
attempt("raw", lambda: socket.socket(socket.AF_INET, socket.SOCK_RAW, 1))
attempt("packets", lambda: socket.socket(17, socket.SOCK_RAW))
async def loops():
    for name, what in {
        "asyncio connect": lambda: asyncio.open_connection(*there),
        "asyncio listen": lambda: asyncio.start_server(print, "0.0.0.0", 0),
        "asyncio datagrams": lambda: asyncio.get_running_loop().create_datagram_endpoint(asyncio.DatagramProtocol, remote_addr=there),
    }.items():
        try:
            print(name, await what())
        except OSError as error:
            print(name, type(error).__name__, errno.errorcode.get(error.errno))
asyncio.run(loops())
one, other = socket.socketpair()
one.sendall(b"inside")
print(other.recv(10))
