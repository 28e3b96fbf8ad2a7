"""uvicorn's WebSocket connection, opened up in two places: shared messages are written as they are, and
acknowledgements are read without ceremony.

Both are per viewer and per picture, so they decide what a viewer costs; everything else stays uvicorn's.
"""

from __future__ import annotations

import asyncio
import logging
from asyncio.transports import BaseTransport
from collections.abc import Callable
from typing import Any

from uvicorn.protocols.utils import ClientDisconnected
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.protocol import State

from livepane.wire.ack import ACK

log = logging.getLogger(__name__)

EXTENSION = "livepane.connection"
GOODBYE = 2.0  # seconds that a peer has, at shutdown, to take what is under way
_ACK_FRAME = 2 + 4 + ACK.size  # a masked client frame: two bytes, the mask, the payload
_ACK_START = bytes([0x82, 0x80 | ACK.size])


class Connection(WebSocketsSansIOProtocol):
    """One WebSocket. Pass it to uvicorn as `ws=`; a route finds it in `scope["extensions"][EXTENSION]`."""

    on_ack: Callable[[int, int, int, float], None] | None = None

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
        waits_in = getattr(self.conn.parser, "gi_yieldfrom", None)
        return self.conn.state is State.OPEN and self.conn.current_size is None and getattr(waits_in, "__name__", "") == "at_eof"

    async def write(self, message: bytes, stall: float) -> None:
        """Write a message that is framed already; returns when the kernel has taken all of it.

        Raises:
            ClientDisconnected: the peer is gone, or took nothing for `stall` seconds and was cut off.
        """
        if self.disconnected or self.close_sent or not self.handshake_complete:
            raise ClientDisconnected
        self.transport.write(message)
        if not self.writable.is_set():
            await self.drain(stall)

    async def drain(self, stall: float) -> None:
        """Wait until everything written is with the kernel.

        Raises:
            ClientDisconnected: the peer is gone, or took nothing for `stall` seconds and was cut off.
        """
        while not self.writable.is_set():
            before = self.transport.get_write_buffer_size()
            try:
                async with asyncio.timeout(stall):
                    await self.writable.wait()
            except TimeoutError:
                if self.transport.get_write_buffer_size() >= before:
                    log.warning("a viewer took nothing for %g s (LIVEPANE_SEND_STALL_SECONDS) and was cut off", stall)
                    self.transport.abort()
                    raise ClientDisconnected from None
        if self.disconnected:
            raise ClientDisconnected

    def shutdown(self) -> None:
        """Called by uvicorn when the server stops: says goodbye (1012), and does not wait for those who do not listen."""
        super().shutdown()
        self.loop.call_later(GOODBYE, self.transport.abort)


def of(scope: Any) -> Connection | None:
    """The connection behind an ASGI scope; None on a server that was started without ours."""
    found = scope.get("extensions", {}).get(EXTENSION)
    return found if isinstance(found, Connection) else None
