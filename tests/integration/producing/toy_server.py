"""A small server that speaks the producer protocol over a real socket and remembers what it heard."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from ssl import SSLContext
from urllib.parse import parse_qs, urlsplit

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from livepane.discovery import Located
from livepane.domain.frame import Frame
from livepane.wire import frame_binary, messages
from tests.patience import PATIENCE

PROTOCOL = Subprotocol(messages.PRODUCER_SUBPROTOCOL)


class News:
    """Lets a test wait until something that happened makes a condition true."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def tell(self) -> None:
        self._event.set()

    async def until(self, condition: Callable[[], object]) -> None:
        async with asyncio.timeout(PATIENCE):
            while not condition():
                self._event.clear()
                await self._event.wait()


@dataclass
class Guest:
    """One producer that is or was connected."""

    websocket: ServerConnection
    hello: messages.ProducerHello | None = None
    heard: list[messages.ProducerMessage] = field(default_factory=list)
    frames: list[Frame] = field(default_factory=list)
    plain: list[bytes] = field(default_factory=list)
    gone: bool = False

    async def demand(self, wish: messages.DemandModel | None) -> None:
        await self.websocket.send(messages.encode(messages.DemandChanged(demand=wish)))


class ToyServer:
    """Welcomes everybody; `acknowledge` and `clock` (ms) may be changed while it runs."""

    def __init__(self) -> None:
        self.guests: list[Guest] = []
        self.acknowledge = True
        self.refuse_with: int | None = None
        self.window = 2
        self.max_pixels = 33_000_000
        self.clock: Callable[[], float] | None = None
        self.speaks = True
        self.welcomes = True
        self._news = News()
        self._server: Server | None = None
        self.port = 0

    @asynccontextmanager
    async def running(self, *, subprotocols: bool = True, ssl: SSLContext | None = None) -> AsyncIterator[Located]:
        def select(_: ServerConnection, offered: Sequence[Subprotocol]) -> Subprotocol | None:
            return PROTOCOL if subprotocols and PROTOCOL in offered else None

        async with serve(
            self._welcome, "127.0.0.1", self.port, select_subprotocol=select, max_size=None, close_timeout=0.2, ssl=ssl
        ) as server:
            self._server = server
            self.port = server.sockets[0].getsockname()[1]
            yield Located(f"http://127.0.0.1:{self.port}", None)

    async def until(self, condition: Callable[[], object]) -> None:
        """Wait until something that was heard makes it true."""
        await self._news.until(condition)

    async def guest(self, number: int = 0) -> Guest:
        await self.until(lambda: len(self.guests) > number and (self.guests[number].hello or self.guests[number].plain))
        return self.guests[number]

    async def _welcome(self, websocket: ServerConnection) -> None:
        if self.refuse_with is not None:
            await websocket.close(self.refuse_with)
            return
        guest = Guest(websocket)
        self.guests.append(guest)
        try:
            async for message in websocket:
                await self._hear(guest, message)
                self._news.tell()
        except ConnectionClosed:
            pass
        finally:
            guest.gone = True
            self._news.tell()

    async def _hear(self, guest: Guest, message: str | bytes) -> None:
        if guest.websocket.subprotocol != PROTOCOL or not self.speaks:
            if isinstance(message, bytes):
                guest.plain.append(message)
            return
        if isinstance(message, bytes):
            frame = frame_binary.decode(message).frame
            guest.frames.append(frame)
            if self.acknowledge:
                await guest.websocket.send(messages.encode(messages.PictureAck(epoch=frame.epoch, seq=frame.seq)))
            return
        said = messages.decode_producer_message(message)
        now = self.clock() if self.clock else asyncio.get_running_loop().time()
        match said:
            case messages.ProducerHello():
                guest.hello = said
                stream = f"{said.kind}:{said.name}"
                welcome = messages.Welcome(
                    stream=stream, now=now, max_bytes=10 << 20, max_pixels=self.max_pixels, window=self.window
                )
                if self.welcomes:
                    await guest.websocket.send(messages.encode(welcome))
            case messages.Ping():
                await guest.websocket.send(messages.encode(messages.Pong(id=said.id, now=now)))
            case _:
                guest.heard.append(said)

    @staticmethod
    def query(guest: Guest) -> dict[str, list[str]]:
        assert guest.websocket.request is not None
        return parse_qs(urlsplit(guest.websocket.request.path).query)
