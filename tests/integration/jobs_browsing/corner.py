"""A corner of the web for pages of jobs: a site that tempts them, and what of it they have asked for."""

from __future__ import annotations

import socket
import struct
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

PAGES = {
    "/": "<title>Home</title><h1>Home</h1>",
    "/red": "<title>Red</title><body style='background:#ff0000'>",
    "/blue": "<title>Blue</title><body style='background:#0000ff'>",
    "/picture": "<title>Picture</title><style>@font-face{font-family:f;src:url(/f.woff2)}body{font-family:f;margin:0}"
    "img{width:100vw;height:100vh}</style>text<img src='/green.png'>",
    "/worker": "<script>navigator.serviceWorker.register('/sw.js').then(()=>document.title='registered',"
    "()=>document.title='refused').catch(()=>0)</script>",
    "/storm": "<script>for(let n=0;n<8;n++)open('/popup?'+n)</script>",
    "/popup": "<title>Popup</title>",
    "/download": "<a id=a href='/file' download>take it</a>",
}


def _png() -> bytes:
    """16 x 16 px of green."""
    rows = b"".join(b"\0" + b"\x00\xff\x00" * 16 for _ in range(16))
    chunks = ((b"IHDR", struct.pack("!IIBBBBB", 16, 16, 8, 2, 0, 0, 0)), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack("!I", len(data)) + kind + data + struct.pack("!I", zlib.crc32(kind + data)) for kind, data in chunks
    )


_FILES = {
    "/green.png": ("image/png", _png()),
    "/sw.js": ("text/javascript", b"self.addEventListener('fetch',()=>{})"),
    "/file": ("application/octet-stream", b"x" * 100),
}


class Corner:
    """Where it is, and what was asked for so far."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.base = f"http://127.0.0.1:{port}"
        self.asked: list[str] = []
        self.agents: set[str] = set()
        self.gates = (threading.Event(), threading.Event())  # `/gate/blue` and `/gate/2/blue` wait for them


@contextmanager
def corner() -> Iterator[Corner]:
    """Serve it on a free port of loopback."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            where.asked.append(self.path)
            where.agents.add(self.headers.get("user-agent", ""))
            kind, body = _FILES.get(path, ("text/html; charset=utf-8", PAGES.get(path, "").encode()))
            if path.startswith("/gate/"):
                where.gates["/2/" in path].wait(60)
                body = PAGES["/blue"].encode()
            if path == "/cookie":
                body = f"<title>{self.headers.get('cookie', 'none')}</title>".encode()
            self.send_response(200 if body else 404)
            if path == "/cookie":
                self.send_header("Set-Cookie", "visitor=1")
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        where = Corner(server.server_port)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield where
        finally:
            for gate in where.gates:
                gate.set()
            server.shutdown()
            thread.join()


@contextmanager
def canary() -> Iterator[socket.socket]:
    """A UDP port of loopback that nobody should find."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as bound:
        bound.bind(("127.0.0.1", 0))
        bound.setblocking(False)
        yield bound
