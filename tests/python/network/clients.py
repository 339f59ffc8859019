"""Clients of the standard library, against servers of another process; it is told their ports."""

import asyncio
import errno
import http.client
import smtplib
import socket
import sys
import urllib.error
import urllib.request

web, mail, silent, closed = map(int, sys.argv[1:])


def attempt(what):
    """Says what a call returns, or how it fails."""
    try:
        return what()
    except OSError as error:
        reason = getattr(error, "reason", error)
        return type(error).__name__, type(reason).__name__, errno.errorcode.get(getattr(reason, "errno", None))


url = f"http://127.0.0.1:{web}"
with urllib.request.urlopen(url + "/a?b=c", timeout=10) as answer:
    print(answer.status, answer.headers["X-Method"], answer.read())
with urllib.request.urlopen(url + "/redirect", data=None, timeout=10) as answer:
    print(answer.url.removeprefix(url), answer.status)
request = urllib.request.Request(url + "/echo", data=b"body " * 50000, headers={"Content-Type": "text/plain"})
with urllib.request.urlopen(request, timeout=10) as answer:
    print(answer.headers["X-Method"], len(answer.read()))
print(attempt(lambda: urllib.request.urlopen(url + "/missing", timeout=10)))
print(attempt(lambda: urllib.request.urlopen(f"http://127.0.0.1:{silent}/", timeout=0.1)))
print(attempt(lambda: urllib.request.urlopen(f"http://127.0.0.1:{closed}/", timeout=10)))

connection = http.client.HTTPConnection("127.0.0.1", web, timeout=10)
own = set()
for path in "/1", "/2", "/chunked":
    connection.request("PUT", path, body=iter([b"in ", b"parts"]), encode_chunked=True, headers={"Transfer-Encoding": "chunked"})
    answer = connection.getresponse()
    own.add(connection.sock.getsockname())
    print(answer.status, answer.headers["X-Method"], answer.read())
print(len(own))
connection.close()

with smtplib.SMTP("127.0.0.1", mail, timeout=10) as smtp:
    print(smtp.ehlo()[0], smtp.has_extn("8bitmime"))
    print(smtp.sendmail("a@example.org", ["b@example.org", "refused@example.org"], "Subject: test\r\n\r\n.dot\r\ntext\r\n"))
    print(attempt(lambda: smtp.sendmail("a@example.org", ["refused@example.org"], "text")))
    print(smtp.docmd("WHAT"))
print(attempt(lambda: smtplib.SMTP("127.0.0.1", closed, timeout=10)))
print(attempt(lambda: smtplib.SMTP("127.0.0.1", silent, timeout=0.1)))


async def connect():
    """Through names, which natively a thread looks up."""
    loop = asyncio.get_running_loop()
    reader, writer = await asyncio.open_connection("localhost", web)
    writer.write(b"GET /asynchronous HTTP/1.0\r\n\r\n")
    print((await reader.read()).splitlines()[-1])
    writer.close()
    print(await loop.getaddrinfo("127.0.0.1", 80, type=socket.SOCK_STREAM))
    print(await loop.getnameinfo(("127.0.0.1", 80), socket.NI_NUMERICHOST | socket.NI_NUMERICSERV))
    print(await asyncio.to_thread(sum, [1, 2]), await loop.run_in_executor(None, str.upper, "done"))
    try:
        await asyncio.to_thread(lambda: 1 / 0)
    except ZeroDivisionError as error:
        print(type(error).__name__)
    try:
        await asyncio.open_connection("no-such-host.invalid", 80)
    except socket.gaierror as error:
        print(type(error).__name__)


asyncio.run(connect())
