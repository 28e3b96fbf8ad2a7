"""The sending side of one WebSocket: one message at a time, and a limit on how long its peer may stall."""

from __future__ import annotations

import asyncio

from starlette.websockets import WebSocket, WebSocketDisconnect
from uvicorn.protocols.utils import ClientDisconnected

from livepane.transports import connection
from livepane.wire.websocket_frame import TEXT, unframe


class Outlet:
    """Sends to one viewer. Several tasks may share it: take `turn`, pick the picture, send, let go."""

    def __init__(self, websocket: WebSocket, stall: float) -> None:
        self.turn = asyncio.Lock()  # who holds it picks the newest picture only now, not while others are sending
        self._websocket = websocket
        self._stall = stall
        self._connection = connection.of(websocket.scope)

    async def shared(self, message: bytes) -> None:
        """Send a framed message that other viewers get too. Returns when the kernel has taken it.

        Raises:
            WebSocketDisconnect: the peer is gone, or took nothing for too long.
        """
        if self._connection is not None:
            try:
                await self._connection.write(message, self._stall)
            except ClientDisconnected:
                raise WebSocketDisconnect(1006) from None
            return
        opcode, payload = unframe(message)
        async with asyncio.timeout(self._stall):
            if opcode == TEXT:
                await self._websocket.send_text(bytes(payload).decode())
            else:
                await self._websocket.send_bytes(bytes(payload))

    async def text(self, message: str) -> None:
        """Send a text message of this viewer alone.

        Raises:
            WebSocketDisconnect: the peer is gone, or took nothing for too long.
        """
        if self._connection is not None:
            try:
                await self._connection.drain(self._stall)
            except ClientDisconnected:
                raise WebSocketDisconnect(1006) from None
        await self._websocket.send_text(message)
