"""The binary form of the DevTools protocol: the few kinds of CBOR (RFC 8949) that Chromium speaks on a pipe.

It carries a picture as its bytes, where JSON carries base64: Chromium saves the encoding and we the decoding.
Every map and list stands in an envelope (tag 24 and a byte string of 32-bit length), so a message says how long
it is before it is read.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from typing import Any

from livepane.domain.errors import Unavailable

_ENVELOPE = b"\xd8\x18\x5a"
_HEADER = 7  # bytes of an envelope before its content
_OPEN_LIST, _OPEN_MAP, _STOP = 0x9F, 0xBF, 0xFF
_UNSIGNED, _NEGATIVE, _BYTES, _TEXT, _TAG = 0, 1, 2, 3, 6
_BASE64_TAG = 22  # bytes that JSON would show as base64: what marks a picture
_DEEPEST = 64


def message_size(head: bytes | bytearray | memoryview) -> int | None:
    """How many bytes the message that starts with `head` has; None until that can be told.

    Raises:
        Unavailable: `head` is not the start of a message.
    """
    if len(head) < _HEADER:
        return None
    if bytes(head[:3]) != _ENVELOPE:
        raise Unavailable(f"The browser's pipe carries no message: it starts with {bytes(head[:3]).hex()}.")
    return _HEADER + int.from_bytes(head[3:_HEADER])


def dumps(value: Mapping[str, Any]) -> bytes:
    """Write a message."""
    out = bytearray()
    _write(value, out)
    return bytes(out)


def loads(message: bytes | memoryview) -> dict[str, Any]:
    """Read one message. Text becomes str, pictures become bytes.

    Raises:
        Unavailable: the bytes are not a message, whatever they are.
    """
    try:
        value, end = _read(memoryview(message), 0, 0)
    except (IndexError, ValueError, struct.error) as error:  # UnicodeDecodeError is a ValueError
        raise Unavailable(f"The browser sent a message that cannot be read: {error}.") from None
    if end != len(message) or not isinstance(value, dict):
        raise Unavailable("The browser sent a message that cannot be read: it is not one map.")
    return value


def _read(data: memoryview, at: int, depth: int) -> tuple[Any, int]:
    if depth > _DEEPEST:
        raise ValueError("nested too deep")
    first = data[at]
    at += 1
    if first == _OPEN_MAP:
        found: dict[str, Any] = {}
        while data[at] != _STOP:
            key, at = _read(data, at, depth + 1)
            if not isinstance(key, str):
                raise ValueError("a key is not text")
            found[key], at = _read(data, at, depth + 1)
        return found, at + 1
    if first == _OPEN_LIST:
        items: list[Any] = []
        while data[at] != _STOP:
            item, at = _read(data, at, depth + 1)
            items.append(item)
        return items, at + 1
    if first == 0xFB:
        return struct.unpack_from(">d", data, at)[0], at + 8
    if first in _SIMPLE:
        return _SIMPLE[first], at
    kind, argument, at = _head(data, first, at)
    if kind == _UNSIGNED:
        return argument, at
    if kind == _NEGATIVE:
        return -1 - argument, at
    if kind == _TAG and argument == 24:
        size, at = _string_head(data, at)
        value, end = _read(data[: at + size], at, depth + 1)
        if end != at + size:
            raise ValueError("an envelope is longer than its content")
        return value, end
    if kind == _TAG and argument == _BASE64_TAG:
        size, at = _string_head(data, at)
        return bytes(_take(data, at, size)), at + size
    if kind == _TEXT:
        return str(_take(data, at, argument), "utf-8"), at + argument
    if kind == _BYTES:  # text that Chromium holds in UTF-16, such as most titles that are not Latin
        return str(_take(data, at, argument), "utf-16-le", "replace"), at + argument
    raise ValueError(f"unknown token {first:#x}")


_SIMPLE = {0xF4: False, 0xF5: True, 0xF6: None}


def _head(data: memoryview, first: int, at: int) -> tuple[int, int, int]:
    """Kind, argument, and where what follows starts."""
    kind, size = first >> 5, first & 31
    if size < 24:
        return kind, size, at
    if size > 27:
        raise ValueError(f"unknown token {first:#x}")
    width = 1 << (size - 24)
    return kind, int.from_bytes(_take(data, at, width)), at + width


def _string_head(data: memoryview, at: int) -> tuple[int, int]:
    kind, size, at = _head(data, data[at], at + 1)
    if kind != _BYTES or at + size > len(data):
        raise ValueError("a tag without its bytes")
    return size, at


def _take(data: memoryview, at: int, size: int) -> memoryview:
    if at + size > len(data):
        raise ValueError("it ends too early")
    return data[at : at + size]


def _write(value: Any, out: bytearray) -> None:
    match value:
        case None:
            out.append(0xF6)
        case bool():
            out.append(0xF5 if value else 0xF4)
        case int() if -(2**31) <= value < 2**31:
            _write_head(_UNSIGNED if value >= 0 else _NEGATIVE, value if value >= 0 else -1 - value, out)
        case int() | float():  # Chromium reads integers of 32 bits; a greater one is a double, as in JavaScript
            out += b"\xfb" + struct.pack(">d", value)
        case str():
            text = value.encode("utf-8", "replace")
            _write_head(_TEXT, len(text), out)
            out += text
        case bytes():
            _write_head(_TAG, _BASE64_TAG, out)
            _write_head(_BYTES, len(value), out)
            out += value
        case Mapping():
            start = _open(_OPEN_MAP, out)
            for key, item in value.items():
                _write(str(key), out)
                _write(item, out)
            _close(start, out)
        case list() | tuple():
            start = _open(_OPEN_LIST, out)
            for item in value:
                _write(item, out)
            _close(start, out)
        case _:
            raise TypeError(f"{type(value).__name__} cannot be sent to a browser")


def _open(token: int, out: bytearray) -> int:
    out += _ENVELOPE + bytes(4)
    out.append(token)
    return len(out) - 1


def _close(start: int, out: bytearray) -> None:
    out.append(_STOP)
    out[start - 4 : start] = (len(out) - start).to_bytes(4)


def _write_head(kind: int, argument: int, out: bytearray) -> None:
    if argument < 24:
        out.append(kind << 5 | argument)
        return
    for code, width in ((24, 1), (25, 2), (26, 4)):
        if argument < 1 << (8 * width):
            out.append(kind << 5 | code)
            out += argument.to_bytes(width)
            return
    raise ValueError("over 4 GiB")
