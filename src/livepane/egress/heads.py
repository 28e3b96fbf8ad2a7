"""Heads of HTTP/1 messages as the proxy reads and writes them. Pure: bytes in, bytes out."""

from __future__ import annotations

import re
from dataclasses import dataclass

from livepane.domain.host import NotAHost, read_host_port

LONGEST_HEAD = 64 * 2**10
_TOKEN = re.compile(rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_REQUEST = re.compile(rb"([A-Z]{1,20}) ([^\x00-\x20\x7f]+) HTTP/1\.[01]")
_STATUS = re.compile(rb"HTTP/1\.[01] (\d{3})(?: [^\x00\r\n]*)?")
_ABSOLUTE = re.compile(rb"http://([^/?#\\@]+)([/?][^#]*)?", re.IGNORECASE)
_HOP_BY_HOP = frozenset({b"connection", b"keep-alive", b"proxy-connection", b"te", b"trailer", b"upgrade"})

Headers = list[tuple[bytes, bytes]]


class BadHead(ValueError):
    """Bytes that are no head of a message; says why."""


@dataclass(frozen=True, slots=True)
class Request:
    """What a client asks the proxy for."""

    method: str
    host: str  # as it stands there
    port: int
    path: str  # of a plain request; empty for a tunnel
    headers: Headers

    @property
    def tunnel(self) -> bool:
        """Whether it wants a line to the host (CONNECT) rather than one answer."""
        return self.method == "CONNECT"

    def header(self, name: bytes) -> bytes:
        """The first of that name (lower case); empty when there is none."""
        return next((value for one, value in self.headers if one.lower() == name), b"")


def read_request(head: bytes) -> Request:
    """Read the head of a request to a proxy, up to its empty line.

    Raises:
        BadHead: it is none; a request for a server (`GET / HTTP/1.1`) is none either.
    """
    line, headers = _split(head)
    if (found := _REQUEST.fullmatch(line)) is None:
        raise BadHead("its first line is no request")
    method, goal = found[1].decode(), found[2]
    path = ""
    if method != "CONNECT":
        if (absolute := _ABSOLUTE.fullmatch(goal)) is None:
            raise BadHead("this is a proxy: it answers CONNECT and http:// addresses, without a user name")
        goal, path = absolute[1], (absolute[2] or b"/").decode("latin-1")
        path = path if path.startswith("/") else f"/{path}"
        if not re.search(rb":\d+\Z", goal):
            goal = goal.removesuffix(b":") + b":80"
    try:
        _, port = read_host_port(goal.decode("ascii"))
    except (NotAHost, UnicodeError) as error:
        raise BadHead(f"its host cannot be read: {error}") from None
    return Request(method, goal.decode("ascii").rpartition(":")[0], port, path, headers)


def onward(request: Request, host: str) -> bytes:
    """The head that a server gets: of this one request, with nothing in it that was for the proxy."""
    named = b", ".join(value for name, value in request.headers if name.lower() == b"connection").lower()
    dropped = _HOP_BY_HOP | {part.strip() for part in named.split(b",")} | {b"host"}
    kept = [(n, v) for n, v in request.headers if n.lower() not in dropped and not n.lower().startswith(b"proxy-")]
    authority = host if request.port == 80 else f"{host}:{request.port}"
    first = f"{request.method} {request.path} HTTP/1.1\r\nHost: {authority}\r\n".encode("latin-1")
    return first + _join(kept) + b"Connection: close\r\n\r\n"


def back(head: bytes) -> tuple[int, bytes]:
    """Status and head of a server's answer, as the client gets it: one answer a connection, and nothing in the proxy's name.

    Raises:
        BadHead: it is not HTTP/1.
    """
    line, headers = _split(head)
    if (found := _STATUS.fullmatch(line)) is None:
        raise BadHead("its first line is no status")
    status = int(found[1])
    kept = [(n, v) for n, v in headers if n.lower() not in _HOP_BY_HOP and not n.lower().startswith(b"proxy-")]
    return status, line + b"\r\n" + _join(kept) + (b"" if status < 200 else b"Connection: close\r\n") + b"\r\n"


def _split(head: bytes) -> tuple[bytes, Headers]:
    line, *rest = head.removesuffix(b"\r\n\r\n").split(b"\r\n")
    headers: Headers = []
    for text in rest:
        name, colon, value = text.partition(b":")
        if not colon or not _TOKEN.fullmatch(name) or b"\x00" in value or b"\n" in value or b"\r" in value:
            raise BadHead(f"{text[:60]!r} is no header")
        headers.append((name, value.strip(b" \t")))
    if len(headers) > 200:
        raise BadHead(f"it has {len(headers)} headers; 200 are allowed")
    return line, headers


def _join(headers: Headers) -> bytes:
    return b"".join(name + b": " + value + b"\r\n" for name, value in headers)
