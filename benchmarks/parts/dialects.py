"""How a raw viewer talks to each kind of server: what it says first, what a picture is, what it answers."""

from __future__ import annotations

import base64
import json
import re
import struct
from collections.abc import Hashable
from typing import Protocol

from benchmarks.parts import pictures
from benchmarks.parts.websocket import BINARY, TEXT, Message, masked

OWN_HEADER = struct.Struct("!BBHIIIQII")
_OWN_ACK = struct.Struct("!BBHIIIf")
_SEQ = re.compile(rb'"seq":(\d+)')


class Dialect(Protocol):
    """One conversation; stateless, shared by all viewers that speak it."""

    subprotocol: str | None

    def greeting(self) -> bytes:
        """What the viewer sends once connected."""

    def picture(self, message: Message) -> Hashable | None:
        """A key that is equal in all viewers for the same picture; None when the message is no picture."""

    def made_at(self, message: Message) -> int | None:
        """When the picture was made (ns since the epoch), if the first bytes tell."""

    def answer(self, message: Message) -> bytes:
        """What the viewer sends after taking the picture; empty for nothing."""

    def jpeg(self, body: bytes) -> bytes:
        """The image in a whole message."""


class Own:
    """Our viewer protocol: one pane, every picture acknowledged."""

    subprotocol: str | None = "livepane.viewer.v1"

    def __init__(self, stream: str, fps: float, quality: int | None) -> None:
        self._watch = {"type": "watch", "pane": 1, "stream": stream, "fps": fps, "quality": quality}

    def greeting(self) -> bytes:
        """Ask for the stream."""
        return masked(TEXT, json.dumps(self._watch).encode())

    def picture(self, message: Message) -> Hashable | None:
        """Epoch and number."""
        return message.head[8:16] if message.opcode == BINARY else None

    def made_at(self, message: Message) -> int | None:
        """The comment in the JPEG, else nothing: what the header says is the server's word, not the page's."""
        return pictures.made_at(message.head[OWN_HEADER.size :])

    def answer(self, message: Message) -> bytes:
        """The acknowledgement, in its binary form as our own player sends it."""
        _, _, _, channel, epoch, seq, *_ = OWN_HEADER.unpack_from(message.head)
        return masked(BINARY, _OWN_ACK.pack(1, 1, 0, channel, epoch, seq, 10.0))

    def jpeg(self, body: bytes) -> bytes:
        """What follows the header."""
        return body[OWN_HEADER.size :]


class Binary:
    """One binary message is one JPEG; nothing is said back."""

    subprotocol: str | None = None

    def greeting(self) -> bytes:
        """Nothing."""
        return b""

    def picture(self, message: Message) -> Hashable | None:
        """The moment in the comment, or the last bytes of the image."""
        return (self.made_at(message) or message.tail) if message.opcode == BINARY else None

    def made_at(self, message: Message) -> int | None:
        """The comment in the JPEG."""
        return pictures.made_at(message.head)

    def answer(self, message: Message) -> bytes:
        """Nothing."""
        return b""

    def jpeg(self, body: bytes) -> bytes:
        """The message itself."""
        return body


class BinaryAcknowledged(Binary):
    """The same, and every picture is answered by a short message, as long as our own acknowledgement."""

    def answer(self, message: Message) -> bytes:
        """As many bytes."""
        return masked(BINARY, bytes(_OWN_ACK.size))


class JsonFrames(Binary):
    """One text message is one JSON frame with a data URL."""

    def picture(self, message: Message) -> Hashable | None:
        """The moment in the comment; only a message with a data URL is a picture."""
        found = message.opcode == TEXT and b"base64," in message.head
        return (self.made_at(message) or message.tail) if found else None

    def made_at(self, message: Message) -> int | None:
        """The comment, out of the start of the base64 text."""
        return pictures.made_at_in_text(message.head)

    def jpeg(self, body: bytes) -> bytes:
        """The image in the data URL."""
        return _from_base64(json.loads(body)["data"]["data_url"].partition(",")[2])


class AgentBrowser:
    """agent-browser's stream: JSON with base64, acknowledged by number when `pacing=ack`."""

    subprotocol: str | None = None

    def __init__(self, acknowledge: bool) -> None:
        self._acknowledge = acknowledge

    def greeting(self) -> bytes:
        """Nothing: everything is asked for in the URL."""
        return b""

    def picture(self, message: Message) -> Hashable | None:
        """Its number, which stands at the end of the message."""
        found = message.tail.rstrip().endswith(b'"type":"frame"}') and _SEQ.search(message.tail)
        return found[1] if found else None

    def made_at(self, message: Message) -> int | None:
        """Not known from the first bytes."""
        return None

    def answer(self, message: Message) -> bytes:
        """The acknowledgement, where that was agreed."""
        seq = _SEQ.search(message.tail)
        return masked(TEXT, b'{"type":"ack","seq":%s}' % seq[1]) if self._acknowledge and seq else b""

    def jpeg(self, body: bytes) -> bytes:
        """The image in the message."""
        return _from_base64(json.loads(body)["data"])


def named(name: str, stream: str = "", fps: float = 30, quality: int | None = None) -> Dialect:
    """The dialect of a viewers' specification."""
    match name:
        case "own":
            return Own(stream, fps, quality)
        case "binary":
            return Binary()
        case "binary-ack":
            return BinaryAcknowledged()
        case "json":
            return JsonFrames()
        case "agent-browser":
            return AgentBrowser(acknowledge=False)
        case "agent-browser-ack":
            return AgentBrowser(acknowledge=True)
    raise ValueError(f"{name!r} is no dialect")


def _from_base64(text: str) -> bytes:
    return base64.b64decode(text)
