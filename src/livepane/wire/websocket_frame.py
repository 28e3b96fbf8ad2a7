"""RFC 6455 frames from server to client: unmasked, so that one framed message can be written to every viewer."""

from __future__ import annotations

import struct

TEXT, BINARY = 0x1, 0x2
_FIN = 0x80


def frame(payload: bytes, opcode: int) -> bytes:
    """One whole message as one frame, ready for the socket."""
    size = len(payload)
    if size < 126:
        header = struct.pack("!BB", _FIN | opcode, size)
    elif size < 1 << 16:
        header = struct.pack("!BBH", _FIN | opcode, 126, size)
    else:
        header = struct.pack("!BBQ", _FIN | opcode, 127, size)
    return header + payload


def unframe(message: bytes) -> tuple[int, memoryview]:
    """What `frame` was given, as (opcode, payload); for servers whose sockets we cannot write to directly."""
    start = {126: 4, 127: 10}.get(message[1], 2)
    return message[0] & 0x0F, memoryview(message)[start:]
