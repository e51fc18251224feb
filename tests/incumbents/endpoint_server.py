"""A model that answers over HTTP, well or badly: run by the tests, in a process of its own.

It says ``long`` of texts of more than three letters. The path of the URL says how it behaves;
``GET /seen/<path>`` tells what came there.
"""

from __future__ import annotations

import json
import socket
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SEEN: dict[str, list[dict]] = {}
LOCK = threading.Lock()
OPEN = {"now": 0, "most": 0}


def label(text):
    return "long" if len(text if isinstance(text, str) else text["text"]) > 3 else "short"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        path = self.path.removeprefix("/seen")
        with LOCK:
            self.give(200, {"seen": SEEN.get(path, []), "most": OPEN["most"]})

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        path = self.path.partition("?")[0]
        with LOCK:
            seen = SEEN.setdefault(path, [])
            token = self.headers.get("Authorization") or self.headers.get("X-Key")
            seen.append({"body": body, "token": token, "at": time.time()})
            tries = len(seen)
            OPEN["now"] += 1
            OPEN["most"] = max(OPEN["most"], OPEN["now"])
        try:
            self.behave(path.rsplit("/", 1)[0], tries, body)
        finally:
            with LOCK:
                OPEN["now"] -= 1

    def behave(self, path, tries, body):  # noqa: C901 - a list of ways to behave
        texts = body.get("texts", []) if isinstance(body, dict) else body
        answers = [label(text) for text in texts]
        if path == "/slow":
            time.sleep(0.1 * (tries % 3))
        elif path == "/asleep":
            time.sleep(2)
        elif path == "/fails-twice" and tries <= 2:
            return self.give(503, {"error": "loading"})
        elif path == "/busy" and tries <= 1:
            return self.give(429, {"error": "slow down"}, {"Retry-After": "1"})
        elif path == "/hangs-up" and tries <= 1:
            self.close_connection = True
            return self.connection.shutdown(socket.SHUT_RDWR)
        elif path == "/breaks-off" and tries <= 1:
            self.start(200, 1000, {})
            self.wfile.write(b'{"predictions": [')
            self.close_connection = True
            return self.connection.shutdown(socket.SHUT_RDWR)
        elif path == "/drips":
            return self.drip()
        elif path.startswith("/once-") and tries <= 1:
            return self.give(int(path.removeprefix("/once-")), {}, {"Retry-After": "soon"})
        elif path == "/moved-here":
            return self.give(307, {}, {"Location": self.path.replace("moved-here", "ok")})
        elif path == "/down":
            return self.give(500, {"error": "no model"})
        elif path == "/wrong-number":
            answers = answers[:-1]
        elif path == "/later-wrong" and tries > 1:
            answers = [*answers, "long"]
        elif path == "/unknown":
            answers = ["huge" for _ in answers]
        elif path == "/token" and self.headers.get("Authorization") != "Bearer hush-hush":
            said = self.headers.get("Authorization")
            return self.give(401, {"error": f"who is {said}?"})
        elif path == "/moved":
            return self.give(307, {}, {"Location": "http://127.0.0.1:1/there?key=hush-hush"})
        elif path == "/words":
            return self.send(200, b"<html>Welcome to our\n  model</html>", {})
        elif path == "/bare":
            return self.give(200, answers)
        elif path == "/nested":
            texts = body["inputs"]["texts"]
            found = [{"best": {"name": label(text)}} for text in texts]
            return self.give(200, {"outputs": [{"items": found}]})
        elif path == "/scores":
            return self.give(
                200,
                {"predictions": [[{"label": each, "score": 1.0}] for each in answers]},
            )
        return self.give(200, {"predictions": answers})

    def give(self, status, content, headers=None):
        self.send(status, json.dumps(content).encode(), headers or {})

    def send(self, status, data, headers):
        self.start(status, len(data), headers)
        self.wfile.write(data)

    def drip(self):
        """Send blanks, each before anybody loses patience, and no answer."""
        self.start(200, 40, {})
        for _ in range(40):
            try:
                self.wfile.write(b" ")
            except OSError:  # nobody listens any more
                return
            time.sleep(0.1)

    def start(self, status, size, headers):
        self.send_response(status)
        self.send_header("Content-Length", str(size))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, *args):
        pass


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    sys.stdout.write(f"{server.server_address[1]}\n")
    sys.stdout.flush()
    server.serve_forever()
