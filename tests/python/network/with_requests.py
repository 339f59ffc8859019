"""`requests`, against servers of another process; it is told their ports."""

import json
import socket
import sys

import requests
import urllib3

web, _, silent, closed = map(int, sys.argv[1:])
url = f"http://127.0.0.1:{web}"


def attempt(what):
    """Says what a call returns, or how it fails, and why: what is behind `requests`' own exception."""
    try:
        return what()
    except OSError as error:
        reason = error.args[0]
        reason = getattr(reason, "reason", reason)
        return [type(error).__name__, type(reason).__name__, type(reason.__cause__ or reason.__context__).__name__]


print(requests.__version__, urllib3.__version__, urllib3.connection.HTTPConnection.__module__)
answer = requests.get(url + "/a", params={"q": "ü"}, timeout=10)
print(answer.status_code, answer.headers["X-Method"], answer.text, answer.reason, answer.ok)
answer = requests.post(url, data=b"x" * 200000, timeout=10)
print(answer.headers["X-Method"], len(answer.content))
print(requests.post(url, json={"a": [1, None]}, timeout=10).json(), requests.post(url, data={"a": "b c"}, timeout=10).text)
print(requests.put(url, data=(piece for piece in (b"in ", b"parts")), timeout=10).content)
print(requests.post(url, files={"file": ("name.txt", b"contents")}, timeout=10).text.count("contents"))
answer = requests.get(url + "/redirect", timeout=10)
print(answer.url.removeprefix(url), [each.status_code for each in answer.history])
print(requests.get(url + "/redirect", timeout=10, allow_redirects=False).headers["Location"])
print(requests.get(f"http://localhost:{web}/name", timeout=10).text)
with requests.Session() as session:
    session.headers["X-Token"] = "mine"
    ports = {json.loads(session.get(f"{url}/json?{number}", timeout=10).text)["port"] for number in range(5)}
    print("connections", len(ports), session.get(url + "/json", timeout=10).json()["token"])
with requests.get(url + "/chunked", stream=True, timeout=10) as answer:
    print(list(answer.iter_content(4)))
try:
    requests.get(url + "/missing", timeout=10).raise_for_status()
except requests.exceptions.HTTPError as error:
    print(error.response.status_code)
print(attempt(lambda: requests.get(f"http://127.0.0.1:{silent}/", timeout=0.1)))
print(attempt(lambda: requests.get(f"http://127.0.0.1:{closed}/", timeout=10)))
print(attempt(lambda: requests.get("http://no-such-host.invalid/", timeout=10)))
# One that listens, and whose queue is full.
with socket.socket() as full:
    full.bind(("127.0.0.1", 0))
    full.listen(0)
    clients = [socket.socket() for _ in range(4)]
    for client in clients:
        client.setblocking(False)
        client.connect_ex(full.getsockname())
    print(attempt(lambda: requests.get("http://127.0.0.1:%d/" % full.getsockname()[1], timeout=0.1)))
