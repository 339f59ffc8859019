"""What is found for names, by the hosts file and by DNS: its arguments. Those behind "--" are asked for once only."""

import socket
import sys


def attempt(what, *arguments, **more):
    try:
        return what(*arguments, **more)
    except socket.gaierror as error:
        return next((name for name in dir(socket) if name.startswith("EAI_") and getattr(socket, name) == error.errno), error)


def addresses(found):
    return found if isinstance(found, str) else " ".join(address[4][0] for address in found)


numbers = "127.0.0.1", "192.0.2.7", "192.0.2.99"
once = sys.argv.index("--")
for name in sys.argv[1:once]:
    asked = [attempt(socket.getaddrinfo, name, 80, family, socket.SOCK_STREAM) for family in (0, socket.AF_INET, socket.AF_INET6)]
    full = attempt(socket.getaddrinfo, name, 80, flags=socket.AI_CANONNAME)
    first = attempt(socket.gethostbyname, name)
    print(name, *map(addresses, asked), first, full if isinstance(full, str) else full[0][3], sep=", ")
for name in sys.argv[once + 1 :]:
    print(name, addresses(attempt(socket.getaddrinfo, name, 80, 0, socket.SOCK_STREAM)), sep=", ")
for number in numbers if once > 1 else ():
    print(number, *(attempt(socket.getnameinfo, (number, 80), socket.NI_NUMERICSERV | flags) for flags in (0, socket.NI_NAMEREQD)))
