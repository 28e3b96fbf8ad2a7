"""The connections that files come over: dialled by the guard and counted like the proxy's, without the way through it."""

from __future__ import annotations

import asyncio
import ssl
from collections import deque
from collections.abc import Iterable
from typing import Any, cast

import httpcore

from livepane.egress.account import Account
from livepane.egress.guard import Guard

MOST_CONNECTIONS = 100  # more than a job fetches files at once: nobody waits for one
_HELD = 2**20  # bytes that may wait to be read before the sender is held up
_KEPT = 15.0  # s that an idle connection is kept

_SocketOption = Any  # of httpcore; we set none


class Lines(httpcore.AsyncConnectionPool):
    """The connections of one job. A byte of a file is read from the socket once, in large pieces: half of the proxy's work."""

    def __init__(self, guard: Guard, account: Account, trust: ssl.SSLContext) -> None:
        """`trust`: what is believed of https servers."""
        super().__init__(
            ssl_context=trust,
            max_connections=MOST_CONNECTIONS,
            max_keepalive_connections=MOST_CONNECTIONS // 5,
            keepalive_expiry=_KEPT,
            network_backend=_Backend(guard, account),
        )


class _Backend(httpcore.AsyncNetworkBackend):
    def __init__(self, guard: Guard, account: Account) -> None:
        self._guard, self._account = guard, account

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  httpcore's interface; the guard has limits of its own
        local_address: str | None = None,
        socket_options: Iterable[_SocketOption] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect with a host, if it may be reached.

        Raises:
            ScrapeError: refused_target, dns, timeout, http, budget.
        """
        way = await self._guard.way(host, port, self._account.also)
        loop = asyncio.get_running_loop()

        async def line(address: str, port: int) -> _Line:
            return (await loop.create_connection(lambda: _Line(self._account), address, port))[1]

        dialled = await self._guard.connect(way, line)
        try:
            self._account.connect(dialled.abort)
        except BaseException:
            dialled.abort()
            raise
        return dialled


class _Line(asyncio.Protocol, httpcore.AsyncNetworkStream):
    """One connection. What arrives is handed on as it was read; whoever reads late makes the sender wait."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._pieces: deque[bytes] = deque()
        self._held = 0
        self._paused = self._ended = False
        self._error: Exception | None = None
        self._arrival: asyncio.Future[None] | None = None
        self._transport: asyncio.Transport | None = None

    # --- what the loop tells --------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self._account.count(received=len(data))
        self._pieces.append(data)
        self._held += len(data)
        if self._held > _HELD and not self._paused and self._transport is not None:
            self._paused = True
            self._transport.pause_reading()
        self._wake()

    def eof_received(self) -> bool:
        self._ended = True
        self._wake()
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        self._ended, self._error = True, exc
        self._account.disconnect(self.abort)
        self._wake()

    # --- what httpcore asks ---------------------------------------------------------------------

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109  httpcore's interface
        """All that is there; more than `max_bytes` when there is more: nobody counts on less. b"" at the end."""
        if not self._pieces and not self._ended:
            loop = asyncio.get_running_loop()
            self._arrival = loop.create_future()
            late = None if timeout is None else loop.call_later(timeout, self._late, self._arrival)
            try:
                await self._arrival
            finally:
                self._arrival = None
                if late is not None:
                    late.cancel()
        data = self._pieces[0] if len(self._pieces) == 1 else b"".join(self._pieces)
        self._pieces.clear()
        self._held = 0
        if self._paused and self._transport is not None and not self._ended:
            self._paused = False
            self._transport.resume_reading()
        if not data and self._error is not None:
            raise httpcore.ReadError(str(self._error))
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109  httpcore's interface
        """Heads of requests: small enough never to wait."""
        if self._ended or self._transport is None or self._transport.is_closing():
            raise httpcore.WriteError("the connection is closed")
        self._account.count(sent=len(buffer))
        self._transport.write(buffer)

    async def aclose(self) -> None:
        """Close it."""
        self.abort()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109  httpcore's interface
    ) -> httpcore.AsyncNetworkStream:
        """Go on in TLS. Raises ssl.SSLError and OSError as they come: who asked knows what to say of them."""
        loop = asyncio.get_running_loop()
        try:
            if self._transport is None or self._ended:
                raise ConnectionResetError("it was closed")
            secure = await loop.start_tls(
                self._transport, self, ssl_context, server_hostname=server_hostname, ssl_handshake_timeout=timeout
            )
            if secure is None:
                raise ConnectionResetError("it was closed")
        except BaseException:
            self.abort()
            raise
        self._transport = secure
        return self

    def get_extra_info(self, info: str) -> Any:
        """`is_readable` of an idle connection: its server has closed it, or says what nobody asked."""
        return self._ended or bool(self._pieces) if info == "is_readable" else None

    def abort(self) -> None:
        """Close it, whoever is still at it."""
        if self._transport is not None:
            self._transport.abort()

    def _wake(self) -> None:
        if self._arrival is not None and not self._arrival.done():
            self._arrival.set_result(None)

    @staticmethod
    def _late(arrival: asyncio.Future[None]) -> None:
        if not arrival.done():
            arrival.set_exception(httpcore.ReadTimeout("nothing came"))
