"""Servers that tests talk to, for native Python. Prints their ports, and what mail it got; ends with its input."""

import http.server
import json
import socket
import socketserver
import sys
import threading


class Web(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self):
        if self.headers.get("Transfer-Encoding") == "chunked":
            body = b""
            while size := int(self.rfile.readline(), 16):
                body += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
        else:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path.startswith("/json"):
            body = json.dumps({"port": self.client_address[1], "token": self.headers.get("X-Token")}).encode()
        status = {"/redirect": 302, "/missing": 404}.get(self.path, 200)
        self.send_response(status)
        self.send_header("X-Method", self.command)
        if status == 302:
            self.send_header("Location", "/there")
        body = body or self.path.encode()
        if self.path == "/chunked":
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            for piece in body[:3], body[3:]:
                self.wfile.write(b"%x\r\n%b\r\n" % (len(piece), piece))
            self.wfile.write(b"0\r\n\r\n")
        else:
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    do_GET = do_POST = do_PUT = answer

    def log_message(self, *arguments):
        pass


class Mail(socketserver.StreamRequestHandler):
    def handle(self):
        self.say("220 sink")
        message = []
        for line in self.rfile:
            line = line.decode().rstrip("\r\n")
            match line.split()[:1]:
                case ["EHLO" | "ehlo"]:
                    self.say("250-sink\r\n250 8BITMIME")
                case ["QUIT" | "quit"]:
                    self.say("221 bye")
                    return
                case ["DATA" | "data"]:
                    self.say("354 go on")
                    message = []
                    for line in self.rfile:
                        if line == b".\r\n":
                            break
                        message.append(line.removeprefix(b".").decode())
                    print(repr("".join(message)), flush=True)
                    self.say("250 taken")
                case ["mail" | "MAIL" | "rset" | "RSET"]:
                    self.say("250 yes")
                case ["rcpt" | "RCPT"]:
                    self.say("550 no" if "refused" in line else "250 yes")
                case _:
                    self.say("502 what")

    def say(self, text):
        self.wfile.write(text.encode() + b"\r\n")


def start(server):
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_address[1]


web = start(http.server.ThreadingHTTPServer(("127.0.0.1", 0), Web))
mail = start(socketserver.ThreadingTCPServer(("127.0.0.1", 0), Mail))
# One that takes connections and says nothing.
silent = socket.create_server(("127.0.0.1", 0), backlog=100)
closed = socket.create_server(("127.0.0.1", 0))
unused = closed.getsockname()[1]
closed.close()
print(web, mail, silent.getsockname()[1], unused, flush=True)
sys.stdin.read()
