"""The TLS handshake of a connection, within a time, on a transport whose buffers we hold short ourselves.

The event loop's own TLS servers give a peer sixty seconds for the handshake and keep 64 KiB below the encryption where nobody
sees them; here it is a connection like any other from its first byte on: seated, timed, and felt at once when its line is full.
"""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import Callable, Coroutine, Generator
from typing import Any

from livepane.transports.crowd import Crowd, Seat
from livepane.transports.http_connection import HttpConnection

log = logging.getLogger(__name__)

HANDSHAKE_SECONDS = 10.0
EARLY_BYTES = 64 * 1024  # that may come between the end of the handshake and our noticing it


class TlsGate(asyncio.Protocol):
    """Stands where the HTTP connection will stand once the line is encrypted."""

    def __init__(self, context: ssl.SSLContext, then: Callable[[], HttpConnection], crowd: Crowd) -> None:
        self._context, self._then, self._crowd = context, then, crowd
        self._early = bytearray()
        self._seat: Seat | None = None
        self._opening: asyncio.Task[None] | None = None
        self._lost = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Called by the event loop: TCP stands."""
        peer = transport.get_extra_info("peername")
        self._seat = self._crowd.enter(str(peer[0]) if peer else "", transport)
        if self._seat is None:  # before a handshake there is no way to say why
            transport.abort()
            return
        transport.set_write_buffer_limits(high=0)
        loop = asyncio.get_running_loop()
        handshake = loop.start_tls(transport, self, self._context, server_side=True, ssl_handshake_timeout=HANDSHAKE_SECONDS)
        self._opening = loop.create_task(self._open(transport, _Begun(handshake)), name="TLS handshake")

    def data_received(self, data: bytes) -> None:
        """Called by the event loop: already decrypted, before the connection behind us is there."""
        self._early += data
        if len(self._early) > EARLY_BYTES and self._seat is not None:
            self._seat.transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """Called by the event loop."""
        self._lost = True
        if self._seat is not None:
            self._seat.leave()

    async def _open(self, raw: asyncio.Transport, handshake: _Begun) -> None:
        if self._seat is None:
            return
        try:
            encrypted = await handshake
        except (OSError, ssl.SSLError) as error:  # plain HTTP on this port, a browser that does not trust us, nobody there
            log.debug("a TLS handshake failed: %s", error)
            raw.abort()
            self._seat.leave()
            return
        if encrypted is None or self._lost or encrypted.is_closing():
            raw.abort()
            self._seat.leave()
            return
        connection = self._then()
        connection.seat, connection.below = self._seat, raw
        encrypted.set_protocol(connection)
        connection.connection_made(encrypted)
        if self._early:
            connection.data_received(bytes(self._early))


class _Begun:
    """A coroutine that has run up to its first wait when this returns.

    A task would begin only in the next round of the loop, and the first bytes of the handshake may come before that: they
    would be read as if they were decrypted already.
    """

    def __init__(self, coroutine: Coroutine[Any, Any, asyncio.Transport | None]) -> None:
        self._coroutine = coroutine
        self._first = coroutine.send(None)

    def __await__(self) -> Generator[Any, Any, asyncio.Transport | None]:
        waits_for = self._first
        while True:
            try:
                try:
                    sent = yield waits_for
                except BaseException as error:  # a cancellation, too, is the coroutine's
                    waits_for = self._coroutine.throw(error)
                else:
                    waits_for = self._coroutine.send(sent)
            except StopIteration as end:
                encrypted: asyncio.Transport | None = end.value
                return encrypted
