"""uvicorn's WebSocket connection, opened up in two places: shared messages are written as they are, and
acknowledgements are read without ceremony.

Both are per viewer and per picture, so they decide what a viewer costs; everything else stays uvicorn's.
"""

from __future__ import annotations

import asyncio
import struct
from asyncio.transports import BaseTransport
from collections import deque
from collections.abc import Callable
from typing import Any

from uvicorn._types import ASGISendEvent
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets import http11
from websockets.protocol import State

from livepane.transports.crowd import Seat
from livepane.transports.stall import StallWatch, buffer_limit
from livepane.wire.ack import ACK

EXTENSION = "livepane.connection"
HEAD_BYTES = 64 * 1024  # that the head of a request may have: browsers send every cookie of localhost to every port of it
GOODBYE = 2.0  # seconds that a peer has, at shutdown, to take what is under way
_ACK_FRAME = 2 + 4 + ACK.size  # a masked client frame: two bytes, the mask, the payload
_ACK_START = bytes([0x82, 0x80 | ACK.size])
http11.MAX_LINE_LENGTH = HEAD_BYTES  # 8 KiB by default: less than the cookies that a developer's localhost has
_MASKED_ACK = struct.Struct("!IIIII")  # the mask, then 32 bits each: version and kind, channel, epoch, seq
_ACK_HEAD = 0x01010000


class Connection(WebSocketsSansIOProtocol):
    """One WebSocket. Pass it to uvicorn as `ws=`; a route finds it in `scope["extensions"][EXTENSION]`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.on_ack: Callable[[int, int, int], None] | None = None  # channel, epoch, seq
        self.free = False  # whether the kernel has taken everything so far, and the socket is open
        self.stall = StallWatch()
        self.seat: Seat | None = None
        self.below: asyncio.Transport | None = None  # under TLS: the transport that carries it
        self._between_messages = False
        self._waiting: deque[Callable[[], None]] = deque()

    def connection_made(self, transport: BaseTransport) -> None:
        """Called by the event loop."""
        super().connection_made(transport)
        # Back-pressure from the first byte that the kernel does not take: what waits in our own buffer gets old.
        self.transport.set_write_buffer_limits(high=buffer_limit(self.transport), low=0)

    def take_over(self, seat: Seat | None, below: asyncio.Transport | None) -> None:
        """Called by the HTTP connection that this one has been before."""
        self.seat, self.below = seat, below

    async def run_asgi(self) -> None:
        """Called by uvicorn when the handshake has been read."""
        extensions: dict[str, Any] = self.scope["extensions"]
        extensions[EXTENSION] = self
        await super().run_asgi()

    async def send(self, message: ASGISendEvent) -> None:
        """Called by the application."""
        if message["type"] == "websocket.close":
            self.free = False
        await super().send(message)
        if message["type"] == "websocket.accept":
            self.free = self.handshake_complete and self.writable.is_set() and not self.disconnected
            self._between_messages = self._parser_waits_for_a_message()

    def data_received(self, data: bytes) -> None:
        """Called by the event loop. Whole acknowledgements at the start of `data` skip the WebSocket parser."""
        if self._between_messages and self.on_ack is not None:
            start = 0
            while data[start : start + 2] == _ACK_START and len(data) >= start + _ACK_FRAME:
                # Masked (RFC 6455 5.3): every 32 bits are combined with the same mask.
                mask, head, channel, epoch, seq = _MASKED_ACK.unpack_from(data, start + 2)
                if head ^ mask != _ACK_HEAD:
                    break
                self.on_ack(channel ^ mask, epoch ^ mask, seq ^ mask)
                start += _ACK_FRAME
            if start == len(data):
                return
            data = data[start:]
        super().data_received(data)
        if self.conn.handshake_exc is not None and not self.handshake_initiated:
            self._refuse_handshake()  # uvicorn leaves the peer waiting
            return
        self._between_messages = self._parser_waits_for_a_message()

    def _parser_waits_for_a_message(self) -> bool:
        """Whether the next byte begins a message: one that is half read must go on through the parser."""
        waits_in: Any = self.conn.parser
        while (inner := waits_in.gi_yieldfrom) is not None:
            waits_in = inner
        return self.conn.state is State.OPEN and self.conn.current_size is None and waits_in.__name__ == "at_eof"

    def _refuse_handshake(self) -> None:
        """Say that the head could not be read, and hang up."""
        self.close_sent = self.handshake_complete = self.handshake_initiated = True
        self.transport.write(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
        self.transport.close()

    def push(self, message: bytes) -> None:
        """Write a message that is framed already."""
        self.transport.write(message)

    def join(self, poke: Callable[[], None]) -> None:
        """Be poked whenever the line gets free."""
        self._waiting.append(poke)

    def leave(self, poke: Callable[[], None]) -> None:
        """Not any more."""
        if poke in self._waiting:
            self._waiting.remove(poke)

    def pause_writing(self) -> None:
        """Called by the event loop: the kernel has not taken everything."""
        self.free = False
        super().pause_writing()
        self.stall.paused(self.transport, self.below)

    def resume_writing(self) -> None:
        """Called by the event loop: it has now. Whoever waited longest goes first."""
        self.free = not self.disconnected
        super().resume_writing()
        self.stall.resumed()
        for _ in range(len(self._waiting)):
            if not self.free:
                return
            poke = self._waiting.popleft()
            self._waiting.append(poke)
            poke()

    def connection_lost(self, exc: Exception | None) -> None:
        """Called by the event loop."""
        self.free = False
        self.stall.resumed()
        if self.seat is not None:
            self.seat.leave()
        super().connection_lost(exc)

    def shutdown(self) -> None:
        """Called by uvicorn when the server stops: says goodbye (1012), and does not wait for those who do not listen."""
        self.free = False
        super().shutdown()
        self.loop.call_later(GOODBYE, self.transport.abort)


def of(scope: Any) -> Connection | None:
    """The connection behind an ASGI scope; None on a server that was started without ours."""
    found = scope.get("extensions", {}).get(EXTENSION)
    return found if isinstance(found, Connection) else None
