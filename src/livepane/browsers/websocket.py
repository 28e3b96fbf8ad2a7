"""Messages over a WebSocket to the debugging port of a Chrome that was already running."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from livepane.browsers.transport import OnClosed, OnMessage


class WebSocketTransport:
    """Owns an open socket. Made with `compression=None, max_size=None`: screenshots are megabytes."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._tasks: set[asyncio.Task[None]] = set()
        self._out: asyncio.Queue[str] = asyncio.Queue()

    def start(self, on_message: OnMessage, on_closed: OnClosed) -> None:
        """Begin to listen on the running loop."""
        loop = asyncio.get_running_loop()
        self._tasks = {
            loop.create_task(self._read(on_message, on_closed), name="cdp-websocket-read"),
            loop.create_task(self._write(), name="cdp-websocket-write"),
        }

    def send(self, message: Mapping[str, Any]) -> None:
        """Queue a message. Silent once closed."""
        self._out.put_nowait(json.dumps(message, separators=(",", ":")))

    async def close(self) -> None:
        """Close the socket: Chrome detaches from what this connection had attached to."""
        await self._socket.close()
        for task in self._tasks:
            with suppress(asyncio.CancelledError):
                await task

    async def _read(self, on_message: OnMessage, on_closed: OnClosed) -> None:
        try:
            async for text in self._socket:
                on_message(json.loads(text))
        except ConnectionClosed:
            pass
        finally:
            for task in self._tasks - {asyncio.current_task()}:
                task.cancel()
            on_closed("its debugging port closed the connection")

    async def _write(self) -> None:
        with suppress(ConnectionClosed):
            while True:
                await self._socket.send(await self._out.get())
