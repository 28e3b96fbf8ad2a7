"""The sending side of one WebSocket: who wants to send is poked when the line is free, and picks the newest only then."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Protocol

from starlette.websockets import WebSocket, WebSocketDisconnect

from livepane.deadline import within
from livepane.transports import connection
from livepane.wire.websocket_frame import TEXT, unframe

Poke = Callable[[], None]


class Outlet(Protocol):
    """Sends to one peer; nothing ever queues here but one message."""

    @property
    def free(self) -> bool:
        """Whether the kernel has taken everything so far."""

    def push(self, message: bytes) -> None:
        """Send a framed message, one that other viewers may get too. Only when free."""

    def join(self, poke: Poke) -> None:
        """Be poked whenever the line gets free."""

    def leave(self, poke: Poke) -> None:
        """Not any more."""

    async def text(self, message: str) -> None:
        """Send a text message of this viewer alone.

        Raises:
            WebSocketDisconnect: the peer is gone, or took nothing for too long.
        """

    async def run(self) -> None:
        """Carry the messages, for as long as the session lasts.

        Raises:
            WebSocketDisconnect: the peer is gone, or took nothing for too long.
        """


def of(websocket: WebSocket, stall: float) -> Outlet:
    """The outlet of an accepted socket; a peer that takes nothing for `stall` seconds is cut off."""
    direct = connection.of(websocket.scope)
    return Indirect(websocket, stall) if direct is None else Direct(websocket, direct, stall)


class Direct:
    """Over our own connection: straight into the socket."""

    def __init__(self, websocket: WebSocket, direct: connection.Connection, stall: float) -> None:
        self._websocket, self._connection = websocket, direct
        direct.stall.seconds = stall
        self.push = direct.push
        self.join = direct.join
        self.leave = direct.leave

    @property
    def free(self) -> bool:
        """Whether the kernel has taken everything so far, and the socket is open."""
        return self._connection.free

    async def text(self, message: str) -> None:
        """Send a text message. uvicorn waits for a free line first."""
        await self._websocket.send_text(message)

    async def run(self) -> None:
        """Nothing to carry: the connection writes by itself, and a stalled peer shows as a disconnect."""
        await asyncio.get_running_loop().create_future()


class Indirect:
    """Over plain ASGI, for servers that were not started by `livepane serve`."""

    def __init__(self, websocket: WebSocket, stall: float) -> None:
        self._websocket, self._stall = websocket, stall
        self._waiting: list[Poke] = []
        self._message: bytes | None = None
        self._pushed = asyncio.Event()

    @property
    def free(self) -> bool:
        """Whether the last message is with the server."""
        return self._message is None

    def push(self, message: bytes) -> None:
        """Keep it for `run`, which sends it at once."""
        self._message = message
        self._pushed.set()

    def join(self, poke: Poke) -> None:
        """Be poked whenever the line gets free."""
        self._waiting.append(poke)

    def leave(self, poke: Poke) -> None:
        """Not any more."""
        if poke in self._waiting:
            self._waiting.remove(poke)

    async def text(self, message: str) -> None:
        """Send a text message."""
        await self._limited(self._websocket.send_text(message))

    async def run(self) -> None:
        """Send what was pushed, then let the next one have its turn."""
        while True:
            await self._pushed.wait()
            self._pushed.clear()
            if self._message is not None:
                opcode, payload = unframe(self._message)
                if opcode == TEXT:
                    await self._limited(self._websocket.send_text(bytes(payload).decode()))
                else:
                    await self._limited(self._websocket.send_bytes(bytes(payload)))
                self._message = None
            for poke in list(self._waiting):
                poke()

    async def _limited(self, sending: Awaitable[None]) -> None:
        try:
            async with within(self._stall):
                await sending
        except TimeoutError:
            raise WebSocketDisconnect(1006) from None
