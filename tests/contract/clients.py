"""Clients of the sockets: as existing programs are written, on the `websockets` library."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from livepane.wire import messages
from tests.patience import PATIENCE
from tests.serving import Server

Message = dict[str, Any]


@asynccontextmanager
async def socket(server: Server, path: str, protocol: str | None = None, **options: Any) -> AsyncIterator[ClientConnection]:
    """An open WebSocket of the server."""
    protocols = [Subprotocol(protocol)] if protocol else None
    url = server.socket + path
    async with connect(url, subprotocols=protocols, max_size=None, proxy=None, open_timeout=PATIENCE, **options) as opened:
        yield opened


async def receive(websocket: ClientConnection) -> str | bytes:
    """The next message, of either kind."""
    async with asyncio.timeout(PATIENCE):
        return await websocket.recv()


async def binary(websocket: ClientConnection, wanted: Callable[[bytes], object] = lambda _: True) -> bytes:
    """The next binary message that is as wanted."""
    while True:
        message = await receive(websocket)
        if isinstance(message, bytes) and wanted(message):
            return message


async def text(websocket: ClientConnection, kind: str, wanted: Callable[[Message], object] = lambda _: True) -> Message:
    """The next JSON message of a type that is as wanted; others are passed over."""
    while True:
        message = await receive(websocket)
        if isinstance(message, str):
            said: Message = json.loads(message)
            if said["type"] == kind and wanted(said):
                return said


async def say(websocket: ClientConnection, **message: Any) -> None:
    """Send a JSON message."""
    await websocket.send(json.dumps(message))


async def closed(websocket: ClientConnection) -> tuple[int, str]:
    """Wait for the end; returns code and reason."""
    async with asyncio.timeout(PATIENCE):
        try:
            while True:
                await websocket.recv()
        except ConnectionClosed:
            return websocket.close_code or 0, websocket.close_reason or ""


async def silent(websocket: ClientConnection, seconds: float = 0.5) -> bool:
    """Whether no picture comes for a while."""
    try:
        async with asyncio.timeout(seconds):
            while True:
                message = await websocket.recv()
                if isinstance(message, bytes) or json.loads(message)["type"] == "frame":
                    return False
    except TimeoutError:
        return True


def image_of(frame: Message) -> bytes:
    """The image of a JSON frame."""
    prefix, _, encoded = frame["data"]["data_url"].partition(",")
    assert prefix == f"data:image/{frame['data']['format']};base64"
    return base64.b64decode(encoded, validate=True)


def viewer(server: Server) -> Any:
    """A socket of our own viewer protocol."""
    return socket(server, "/api/live", messages.VIEWER_SUBPROTOCOL)


def producer(server: Server) -> Any:
    """A socket of our own producer protocol."""
    return socket(server, "/ws/producer", messages.PRODUCER_SUBPROTOCOL)


async def told_of(server: Server, stream: str, wanted: Callable[[Message], object]) -> Message:
    """Wait until a stream is as wanted, and return it as viewers see it."""
    async with viewer(server) as looking:
        for one in (await text(looking, "streams"))["streams"]:
            if one["id"] == stream and wanted(one):
                return one  # type: ignore[no-any-return]
        said = await text(looking, "stream", lambda said: said["stream"]["id"] == stream and wanted(said["stream"]))
        return said["stream"]  # type: ignore[no-any-return]
