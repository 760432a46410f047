"""nginx's part where there is no nginx: hands requests on to the socket as its configuration says.

`proxy.py portal.conf PORT USER`. Like nginx it reads as root and serves as USER. It ends no TLS; it tells the
portal that it did.
"""

import http.client
import os
import pwd
import re
import socket
import sys
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

SITE = Path(sys.argv[1]).read_text()
[SOCKET] = re.findall(r"proxy_pass http://unix:(\S+);", SITE)
HEADERS = dict(re.findall(r"proxy_set_header (\S+) (\S+);", SITE))
HOP = {"connection", "keep-alive", "transfer-encoding"}


class ToSocket(http.client.HTTPConnection):
    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(SOCKET)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        values = {
            "$host": self.headers["Host"].split(":")[0],
            "$remote_addr": self.client_address[0],
            "$scheme": "https",
            "$request_id": uuid.uuid4().hex,
        }
        headers = {name: value for name, value in self.headers.items() if name.lower() not in HOP}
        headers |= {name: values[value] for name, value in HEADERS.items()}
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        portal = ToSocket("portal")
        portal.request(self.command, self.path, body, headers)
        answer = portal.getresponse()
        content = answer.read()
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in HOP | {"content-length", "date", "server"}:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_POST = do_GET

    def log_message(self, *words):
        """Quiet: the portal logs."""


if __name__ == "__main__":
    if os.geteuid() == 0:
        user = pwd.getpwnam(sys.argv[3])
        os.setgroups([])
        os.setgid(user.pw_gid)
        os.setuid(user.pw_uid)
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[2])), Handler).serve_forever()
