"""uvicorn's WebSocket connection, opened up in two places: shared messages are written as they are, and
acknowledgements are read without ceremony.

Both are per viewer and per picture, so they decide what a viewer costs; everything else stays uvicorn's.
"""

from __future__ import annotations

from asyncio.transports import BaseTransport
from collections import deque
from collections.abc import Callable
from typing import Any

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.protocol import State

from livepane.transports.stall import StallWatch
from livepane.wire.ack import ACK

EXTENSION = "livepane.connection"
GOODBYE = 2.0  # seconds that a peer has, at shutdown, to take what is under way
_ACK_FRAME = 2 + 4 + ACK.size  # a masked client frame: two bytes, the mask, the payload
_ACK_START = bytes([0x82, 0x80 | ACK.size])


class Connection(WebSocketsSansIOProtocol):
    """One WebSocket. Pass it to uvicorn as `ws=`; a route finds it in `scope["extensions"][EXTENSION]`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.on_ack: Callable[[int, int, int, float], None] | None = None
        self.stall = StallWatch()
        self._paused = False
        self._waiting: deque[Callable[[], None]] = deque()

    def connection_made(self, transport: BaseTransport) -> None:
        """Called by the event loop."""
        super().connection_made(transport)
        # Back-pressure from the first byte that the kernel does not take: what waits in our own buffer gets old.
        self.transport.set_write_buffer_limits(high=0)

    async def run_asgi(self) -> None:
        """Called by uvicorn when the handshake has been read."""
        extensions: dict[str, Any] = self.scope["extensions"]
        extensions[EXTENSION] = self
        await super().run_asgi()

    def data_received(self, data: bytes) -> None:
        """Called by the event loop. Whole acknowledgements at the start of `data` skip the WebSocket parser."""
        if self.on_ack is not None and data[:2] == _ACK_START and self._between_frames():
            start = 0
            while data[start : start + 2] == _ACK_START and len(data) - start >= _ACK_FRAME:
                mask = data[start + 2 : start + 6]
                body = int.from_bytes(data[start + 6 : start + _ACK_FRAME]) ^ int.from_bytes(mask * (ACK.size // 4))
                version, kind, _, channel, epoch, seq, age = ACK.unpack(body.to_bytes(ACK.size))
                if version != 1 or kind != 1:
                    break
                self.on_ack(channel, epoch, seq, age)
                start += _ACK_FRAME
            data = data[start:]
            if not data:
                return
        super().data_received(data)

    def _between_frames(self) -> bool:
        """Whether the parser waits for the first byte of a message (a half-read one must go through it)."""
        waits_in: Any = self.conn.parser
        while (inner := waits_in.gi_yieldfrom) is not None:
            waits_in = inner
        return self.conn.state is State.OPEN and self.conn.current_size is None and waits_in.__name__ == "at_eof"

    def free(self) -> bool:
        """Whether the kernel has taken everything so far, and the socket is open."""
        return not self._paused and self.handshake_complete and not self.close_sent and not self.disconnected

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
        self._paused = True
        super().pause_writing()
        self.stall.paused(self.transport)

    def resume_writing(self) -> None:
        """Called by the event loop: it has now. Whoever waited longest goes first."""
        self._paused = False
        super().resume_writing()
        self.stall.resumed()
        for _ in range(len(self._waiting)):
            if self._paused:
                return
            poke = self._waiting.popleft()
            self._waiting.append(poke)
            poke()

    def connection_lost(self, exc: Exception | None) -> None:
        """Called by the event loop."""
        self.stall.resumed()
        super().connection_lost(exc)

    def shutdown(self) -> None:
        """Called by uvicorn when the server stops: says goodbye (1012), and does not wait for those who do not listen."""
        super().shutdown()
        self.loop.call_later(GOODBYE, self.transport.abort)


def of(scope: Any) -> Connection | None:
    """The connection behind an ASGI scope; None on a server that was started without ours."""
    found = scope.get("extensions", {}).get(EXTENSION)
    return found if isinstance(found, Connection) else None
