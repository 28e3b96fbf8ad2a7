"""As much of RFC 6455 as a raw viewer, a raw producer and a raw sender need: handshakes, frame headers, one reader."""

from __future__ import annotations

import base64
import hashlib
import os
import socket
from collections.abc import Iterator
from dataclasses import dataclass

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10
_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_HEAD = 1024


def connect(port: int, path: str, subprotocol: str | None = None, via: int | None = None) -> socket.socket:
    """Open a WebSocket to 127.0.0.1:`port`, or through port `via` of a relay; no extensions, so nothing is compressed.

    Raises:
        ConnectionError: the server refuses; the message has its first line.
    """
    sock = socket.socket()
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    sock.settimeout(20)
    sock.connect(("127.0.0.1", via or port))
    lines = [
        f"GET {path} HTTP/1.1",
        f"Host: 127.0.0.1:{port}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}",
        "Sec-WebSocket-Version: 13",
    ]
    if subprotocol:
        lines.append(f"Sec-WebSocket-Protocol: {subprotocol}")
    sock.sendall("\r\n".join([*lines, "", ""]).encode())
    answer = b""
    while not answer.endswith(b"\r\n\r\n"):
        byte = sock.recv(1)  # byte by byte: what follows belongs to the reader
        if not byte:
            break
        answer += byte
    if b" 101 " not in answer.split(b"\r\n", 1)[0]:
        raise ConnectionError(f"{path}: {answer.decode(errors='replace').splitlines()[:1]}")
    return sock


def accept(sock: socket.socket) -> str:
    """Answer the handshake of a client that has just connected; returns the path that it asked for."""
    request = b""
    while not request.endswith(b"\r\n\r\n"):
        chunk = sock.recv(4096)
        if not chunk:
            raise ConnectionError("the client left during the handshake")
        request += chunk
    lines = request.split(b"\r\n")
    key = next(line.split(b":", 1)[1].strip() for line in lines if line.lower().startswith(b"sec-websocket-key:"))
    proof = base64.b64encode(hashlib.sha1(key + _GUID).digest())
    sock.sendall(
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
        + proof
        + b"\r\n\r\n"
    )
    return lines[0].split()[1].decode()


def header(opcode: int, length: int) -> bytes:
    """The header of an unmasked message from a server."""
    if length < 126:
        return bytes((128 | opcode, length))
    if length < 65536:
        return bytes((128 | opcode, 126)) + length.to_bytes(2, "big")
    return bytes((128 | opcode, 127)) + length.to_bytes(8, "big")


def masked(opcode: int, payload: bytes) -> bytes:
    """A whole message from a client. The mask is zero: legal, and it keeps the cost of masking out of the measurement."""
    plain = header(opcode, len(payload))
    return bytes((plain[0], plain[1] | 128)) + plain[2:] + b"\0\0\0\0" + payload


@dataclass(slots=True)
class Message:
    """What has come: its first bytes, its last bytes, and all of it when the reader keeps bodies."""

    opcode: int
    size: int  # bytes on the wire, header included
    head: bytes
    tail: bytes
    body: bytes | None


class Reader:
    """Takes what a server sends in any pieces and yields its messages; payloads are skipped, not stored, unless `keep`."""

    def __init__(self, keep: bool = False) -> None:
        self._keep = keep
        self._rest = b""  # of an unfinished frame header
        self._opcode = 0
        self._left = -1  # payload bytes still to come; -1: a header comes next
        self._final = True
        self._size = 0
        self._head = bytearray()
        self._tail = b""
        self._body: list[bytes] = []

    def feed(self, data: memoryview) -> Iterator[Message]:
        """Yield every message that `data` completes."""
        at = 0
        while at < len(data) or self._left == 0:
            if self._left < 0:
                header_bytes = self._rest + bytes(data[at : at + 10])
                needed = self._open(header_bytes)
                if not needed:
                    self._rest = header_bytes
                    return
                at += needed - len(self._rest)
                self._rest = b""
                continue
            part = data[at : at + self._left]
            at += len(part)
            self._left -= len(part)
            self._take(part)
            if self._left == 0:
                self._left = -1
                if self._final:
                    yield self._close()

    def _open(self, start: bytes) -> int:
        if len(start) < 2:
            return 0
        length, needed = start[1] & 127, 2
        if length >= 126:
            wide = 2 if length == 126 else 8
            needed += wide
            if len(start) < needed:
                return 0
            length = int.from_bytes(start[2:needed], "big")
        self._opcode = start[0] & 15 or self._opcode
        self._final = bool(start[0] & 128)
        self._left = length
        self._size += needed + length
        return needed

    def _take(self, part: memoryview) -> None:
        if len(self._head) < _HEAD:
            self._head += part[: _HEAD - len(self._head)]
        if self._keep:
            self._body.append(bytes(part))
        elif self._left < 256:
            self._tail = (self._tail + bytes(part[-256:]))[-256:]

    def _close(self) -> Message:
        body = b"".join(self._body) if self._keep else None
        message = Message(self._opcode, self._size, bytes(self._head), body[-256:] if body is not None else self._tail, body)
        self._size, self._tail = 0, b""
        self._head.clear()
        self._body.clear()
        return message
