"""One kept HTTP/1.1 connection that costs next to nothing, so that what is measured is the server."""

from __future__ import annotations

import socket
from collections.abc import Mapping

from benchmarks.parts.processes import Failed


class HttpLine:
    """`with HttpLine(port) as line: line.ask(HttpLine.request(port, "GET", "/"))`."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=30)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def __enter__(self) -> HttpLine:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    @staticmethod
    def request(port: int, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None) -> bytes:
        """The bytes of a request."""
        lines = [
            f"{method} {path} HTTP/1.1",
            f"Host: 127.0.0.1:{port}",
            *(f"{name}: {value}" for name, value in (headers or {}).items()),
        ]
        if body:
            lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
        return "\r\n".join([*lines, "", ""]).encode() + body

    def ask(self, request: bytes) -> tuple[int, dict[str, str]]:
        """Status and headers of the answer, once all of it is here.

        Raises:
            Failed: the server has hung up.
        """
        self._socket.sendall(request)
        data = b""
        while b"\r\n\r\n" not in data:
            data += self._more()
        head, _, body = data.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        status = int(first.split(" ", 2)[1])
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
        missing = 0 if status == 304 else int(headers.get("content-length", "0")) - len(body)
        while missing > 0:
            missing -= len(self._more())
        return status, headers

    def _more(self) -> bytes:
        data = self._socket.recv(1 << 18)
        if not data:
            raise Failed("the server has hung up")
        return data
