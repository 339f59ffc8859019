"""A name server, for native Python: `unshare -rmn python3 name_server.py PROGRAM ARGUMENT...` runs a program that asks it, on a
network of its own, where port 53 is free, and with files of its own in place of /etc/resolv.conf and /etc/hosts."""

import contextlib
import ctypes
import fcntl
import os
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time

A, CNAME, PTR, TXT, AAAA = 1, 5, 12, 16, 28
NO_ERROR, SERVER_FAILED, NO_SUCH_NAME = 0, 2, 3


def labels(name):
    parts = name.encode().rstrip(b".").split(b".") if name else []
    return b"".join(bytes([len(part)]) + part for part in parts) + b"\0"


def record(name, kind, data):
    """An answer; the name is given as bytes."""
    return name + struct.pack("!HHIH", kind, 1, 60, len(data)) + data


SAME = b"\xc0\x0c"  # the name of the question


def v4(name, address="192.0.2.7"):
    return record(name, A, socket.inet_pton(socket.AF_INET, address))


def v6(name, address="2001:db8::7"):
    return record(name, AAAA, socket.inet_pton(socket.AF_INET6, address))


def reply(query, answers=(), status=NO_ERROR, truncated=False, number=None):
    end = query.index(b"\0", 12) + 5
    flags = 0x8180 | status | (0x200 if truncated else 0)
    head = (number or query[:2]) + struct.pack("!HHHHH", flags, 1, len(answers), 0, 0)
    return head + query[12:end] + b"".join(answers)


def answer(query, by_tcp):
    """The packets that answer a query."""
    end = query.index(b"\0", 12)
    kind, = struct.unpack_from("!H", query, end + 1)
    parts, at = [], 12
    while query[at]:
        parts.append(query[at + 1 : at + 1 + query[at]].decode())
        at += 1 + query[at]
    name = ".".join(parts).lower()
    first = parts[0].lower()
    own = {A: v4, AAAA: v6}.get(kind)
    bad = lambda name: v4(name, "203.0.113.1") if kind == A else v6(name, "2001:db8::bad")
    right = reply(query, [own(SAME)] if own else [])
    if kind == PTR:
        known = name == "7.2.0.192.in-addr.arpa"
        return [reply(query, [record(SAME, PTR, labels("seven.test"))]) if known else reply(query, status=NO_SUCH_NAME)]
    match first:
        case "both":
            return [right]
        case "v4" | "v6":
            return [right if own is {"v4": v4, "v6": v6}[first] else reply(query)]
        case "none":
            return [reply(query)]
        case "failing":
            return [reply(query, status=SERVER_FAILED)]
        case "other":
            other = labels("both.test")
            return [reply(query, [record(SAME, CNAME, other)] + ([own(other)] if own else []))]
        case "longer":
            return [reply(query, [v4(SAME, f"192.0.2.{n}") for n in range(1, 31)] if kind == A else [])]
        case "truncated":
            return [right] if by_tcp else [reply(query, truncated=True)]
        case "silent":
            return []
        case "late":
            time.sleep(0.3)
            return [right]
        case "again":  # only the second time
            asked[query[12:]] = asked.get(query[12:], 0) + 1
            return [right] if asked[query[12:]] > 1 else []
        case "number":  # of another query, and then of this one
            return [reply(query, [bad(SAME)], number=bytes([query[0] ^ 1, query[1]])), right]
        case "loop":  # a name that is made of itself
            itself = struct.pack("!H", 0xC000 | end + 5)
            return [reply(query, [record(itself, kind, itself * 8)])]
        case "beyond":  # a name behind the end
            return [reply(query, [record(b"\xff\xff", kind, b"\xff\xff")])]
        case "alias":  # for a name that is made of itself
            return [reply(query, [record(SAME, CNAME, struct.pack("!H", 0xC000 | end + 5 + 12))])]
        case "circle":
            return [reply(query, [record(SAME, CNAME, SAME)])]
        case "short":
            return [right[: end + 5], right[:-3]]
        case "empty":
            return [b"", query[:2], query[:11]]
        case "sizes":  # more than there is
            return [reply(query, [SAME + struct.pack("!HHIH", kind, 1, 60, 65535) + b"\1\2\3\4"])]
        case "lengths":  # addresses of a wrong number of bytes
            return [reply(query, [record(SAME, kind, b"\1\2\3"), record(SAME, kind, b"\1" * 17)])]
        case "text":
            return [reply(query, [record(SAME, TXT, b"\5hello")])]
        case "long":
            return [reply(query, [record(SAME, CNAME, (b"\x3f" + b"a" * 63) * 5 + b"\0")])]
        case "rubbish":
            return [bytes(range(256)) * 2, query[:2] + bytes(reversed(range(256)))]
        case "itself":
            return [query]
    return [reply(query, status=NO_SUCH_NAME)]


asked = {}


def serve_datagrams():
    with socket.socket(type=socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 53))
        ready.set()
        while True:
            query, address = server.recvfrom(4096)
            threading.Thread(target=send, args=(server, query, address), daemon=True).start()


def send(server, query, address):
    for packet in answer(query, False):
        server.sendto(packet, address)


def serve_streams(server):
    while True:
        client, _ = server.accept()
        with contextlib.suppress(OSError), client, client.makefile("rb") as file:
            while size := file.read(2):
                query = file.read(int.from_bytes(size, "big"))
                for packet in answer(query, True):
                    client.sendall(len(packet).to_bytes(2, "big") + packet)


# The loopback device is down in a new network.
SIOCSIFFLAGS, UP = 0x8914, 1
with socket.socket() as any:
    fcntl.ioctl(any, SIOCSIFFLAGS, struct.pack("16sH14x", b"lo", UP))
MS_BIND = 4096
libc = ctypes.CDLL(None, use_errno=True)
for name, text in ("resolv.conf", "nameserver 127.0.0.1\noptions timeout:1 attempts:2\n"), (
    "hosts",
    "127.0.0.1 localhost\n192.0.2.55 by-file.test short-name # both.test\n2001:db8::55 by-file.test\n",
):
    with tempfile.NamedTemporaryFile("w") as file:
        file.write(text)
        file.flush()
        if libc.mount(file.name.encode(), f"/etc/{name}".encode(), None, MS_BIND, None) != 0:
            raise OSError(ctypes.get_errno(), "mount")
ready = threading.Event()
threading.Thread(target=serve_datagrams, daemon=True).start()
threading.Thread(target=serve_streams, args=(socket.create_server(("127.0.0.1", 53)),), daemon=True).start()
ready.wait()
sys.exit(subprocess.run(sys.argv[1:]).returncode)
