"""A viewer like the dashboard: hears of every stream over one socket, and watches some of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import assert_never

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from livepane.domain.frame import Frame
from livepane.wire import frame_binary, messages
from livepane.wire.messages import StreamModel
from tests.integration.web import colour
from tests.patience import PATIENCE


class Wall:
    """What a viewer knows at this moment."""

    def __init__(self, websocket: ClientConnection) -> None:
        self._websocket = websocket
        self.streams: dict[str, StreamModel] = {}
        self.frames: dict[str, list[Frame]] = {}
        self.labels: list[str] = []
        self.spots: dict[str, list[messages.SpotModel | None]] = {}  # of streams that are watched with `highlight`
        self.budget: messages.Budget | None = None
        self._channels: dict[int, str] = {}
        self._panes = 0
        self._news = asyncio.Event()

    async def watch(self, stream: str, **wish: float) -> None:
        """Open a pane."""
        self._panes += 1
        self.frames.setdefault(stream, [])
        await self._websocket.send(
            messages.encode(messages.Watch.model_validate({"pane": self._panes, "stream": stream, **wish}))
        )

    async def unwatch_all(self, *, but: int = 0) -> None:
        """Close every pane, but for one of this number."""
        for pane in set(range(1, self._panes + 1)) - {but}:
            await self._websocket.send(messages.encode(messages.Unwatch(pane=pane)))

    async def until(self, condition: Callable[[], object], *, within: float = PATIENCE) -> None:
        """Wait until something that the server says makes it true."""
        try:
            async with asyncio.timeout(within):
                while not condition():
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            known = {one.id: (one.state, one.reason, one.title, one.url) for one in self.streams.values()}
            raise AssertionError(f"it never came true; streams: {known}, labels: {self.labels}") from None

    async def until_state(self, stream: str, *states: str) -> StreamModel:
        """Wait until a stream is in one of these states."""
        await self.until(lambda: stream in self.streams and self.streams[stream].state in states)
        return self.streams[stream]

    async def until_titled(self, stream: str, title: str) -> None:
        """Wait until a stream has this title."""
        await self.until(lambda: stream in self.streams and self.streams[stream].title == title)

    async def until_shown(self, stream: str, wanted: str) -> None:
        """Wait until the newest picture of a stream that is watched has this colour in its middle."""
        frames = self.frames[stream]
        await self.until(lambda: frames and colour(frames[-1].picture) == wanted)

    async def newest_label(self, stream: str) -> str:
        """Wait until a stream has an action, and return its label."""
        await self.until(lambda: stream in self.streams and self.streams[stream].action)
        action = self.streams[stream].action
        return action.label if action else ""

    async def pictures(self, stream: str, more: int = 1) -> list[Frame]:
        """Wait for so many more pictures of a stream that is watched; all that there are."""
        frames = self.frames[stream]
        wanted = len(frames) + more
        await self.until(lambda: len(frames) >= wanted)
        return frames

    async def listen(self) -> None:
        """Take what comes until the socket ends."""
        with suppress(ConnectionClosed):
            async for message in self._websocket:
                if isinstance(message, bytes):
                    await self._see(frame_binary.decode(message))
                else:
                    self._hear(messages.decode_viewer_event(message))
                self._news.set()

    async def _see(self, sent: frame_binary.BinaryFrame) -> None:
        frame = sent.frame
        self.frames[self._channels[sent.channel]].append(frame)
        await self._websocket.send(
            messages.encode(messages.Ack(channel=sent.channel, epoch=frame.epoch, seq=frame.seq, age=None))
        )

    def _hear(self, event: messages.ViewerEvent) -> None:
        match event:
            case messages.Streams():
                self.streams = {one.id: one for one in event.streams}
            case messages.StreamChanged():
                self.streams[event.stream.id] = event.stream
            case messages.StreamRemoved():
                self.streams.pop(event.id, None)
            case messages.PaneOpened():
                self._channels[event.channel] = event.stream
            case messages.ActionHappened():
                self.labels.append(event.action.label)
            case messages.Highlight():
                self.spots.setdefault(event.stream, []).append(event.spot)
            case messages.ErrorMessage():
                raise AssertionError(event.message)
            case messages.Budget():
                self.budget = event
            case messages.Hello() | messages.Stats() | messages.Pong():
                pass
            case _:
                assert_never(event)


@asynccontextmanager
async def wall_of(server: str) -> AsyncIterator[Wall]:
    """Connect to a server (http://…) for the length of a block."""
    subprotocol = Subprotocol(messages.VIEWER_SUBPROTOCOL)
    url = f"ws{server.removeprefix('http')}/api/live"
    async with connect(
        url, subprotocols=[subprotocol], compression=None, max_size=None, proxy=None, open_timeout=PATIENCE
    ) as websocket:
        wall = Wall(websocket)
        listening = asyncio.get_running_loop().create_task(wall.listen(), name="wall")
        try:
            yield wall
            if listening.done():
                listening.result()
        finally:
            listening.cancel()
            await asyncio.wait([listening])
