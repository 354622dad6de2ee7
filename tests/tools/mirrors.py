"""A server of files on this machine that answers well, or in all kinds of bad ways."""

import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple

from stages.tools.fetch import Source


class Server(NamedTuple):
    """A running server: its address, and how often each path was asked for."""

    url: str
    asked: Counter[str]

    def source(self, *kinds: str, timeout: float = 5.0) -> Source:
        """Return mirrors of these kinds: the first folder in a path says how it is answered."""
        return Source([f"{self.url}/{kind}/" for kind in kinds], timeout)


class Handler(BaseHTTPRequestHandler):
    """Answers /KIND/NAME with the file NAME in the manner of KIND."""

    files: dict[str, bytes]
    asked: Counter[str]
    over: threading.Event

    def log_message(self, *_: object) -> None:
        """Keep silent."""

    def do_GET(self) -> None:
        kind, _, name = self.path.strip("/").rpartition("/")
        self.asked[self.path] += 1
        getattr(self, kind.partition("/")[0])(self.files[name])

    def answer(self, content: bytes, length: int | None = None) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(content) if length is None else length))
        self.end_headers()
        self.wfile.write(content)

    def good(self, content: bytes) -> None:
        self.answer(content)

    def forbidden(self, _: bytes) -> None:
        self.send_error(403)

    def missing(self, _: bytes) -> None:
        self.send_error(404)

    def broken(self, _: bytes) -> None:
        self.send_error(503)

    def shaky(self, content: bytes) -> None:
        """Fail the first time, and then be good."""
        if self.asked[self.path] == 1:
            self.send_error(503)
        else:
            self.answer(content)

    def wrong(self, content: bytes) -> None:
        self.answer(content[::-1])

    def empty(self, _: bytes) -> None:
        self.answer(b"")

    def cut(self, content: bytes) -> None:
        """Promise all and send a half."""
        self.answer(content[: len(content) // 2], len(content))

    def cut_silently(self, content: bytes) -> None:
        """Promise nothing and send a half."""
        self.send_response(200)
        self.end_headers()
        self.wfile.write(content[: len(content) // 2])

    def cut_once(self, content: bytes) -> None:
        """Send a half the first time, and then be good."""
        (self.cut if self.asked[self.path] == 1 else self.good)(content)

    def silent(self, _: bytes) -> None:
        self.over.wait(20)

    def stuck(self, content: bytes) -> None:
        """Stop in the middle, without an end."""
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content[: len(content) // 2])
        self.wfile.flush()
        self.over.wait(20)

    def drip(self, content: bytes) -> None:
        """Send so slowly that no single wait is long, but the whole is."""
        self.send_response(200)
        self.send_header("Content-Length", str(len(content) * 10**4))
        self.end_headers()
        while not self.over.wait(0.02):
            self.wfile.write(b"x" * 50)

    def endless(self, _: bytes) -> None:
        self.send_response(200)
        self.end_headers()
        while not self.over.is_set():
            self.wfile.write(bytes(1 << 20))

    def moved(self, _: bytes) -> None:
        self.redirect(self.path.replace("/moved/", "/good/"))

    def circular(self, _: bytes) -> None:
        self.redirect(self.path)

    def to_a_file(self, _: bytes) -> None:
        self.redirect("file:///etc/passwd")

    def redirect(self, where: str) -> None:
        self.send_response(302)
        self.send_header("Location", where)
        self.send_header("Content-Length", "0")
        self.end_headers()


class Quiet(ThreadingHTTPServer):
    """A server that does not mind clients who leave."""

    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """Keep silent."""
