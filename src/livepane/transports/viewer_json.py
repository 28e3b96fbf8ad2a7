"""`WS /stream/{window_id}`: pictures as JSON with a data URL, options changed by commands."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect

from livepane.domain import discreet
from livepane.domain.errors import BadRequest, SourceGone, WindowNotFound
from livepane.domain.stream import Kind
from livepane.hub.stream import Stream
from livepane.hub.subscription import Subscription
from livepane.media.image import DEFAULT_QUALITY
from livepane.transports import forms, inlet, outlet
from livepane.transports.feed import Feed
from livepane.transports.options import FrameOptions
from livepane.transports.outlet import Outlet
from livepane.transports.session import together
from livepane.wire import frame_json

STATS_EVERY = 5.0  # seconds
COMMANDS = ("update_options", "take_screenshot", "get_status", "stop")


async def serve(websocket: WebSocket, stream: Stream, options: FrameOptions, stall: float, *, guest: bool = False) -> None:
    """Run the session on an accepted socket until the peer leaves or says `stop`. A `guest` sees addresses without query."""
    line = outlet.of(websocket, stall)
    with stream.subscribe(options.spec(), options.fps) as pictures:
        session = _Session(websocket, stream, pictures, options, line, guest)
        try:
            await session.greet()
            with Feed(pictures, line, forms.json) as feed:
                await together(session.receive(), session.stats(), session.end(), line.run(), feed.run())
        except WebSocketDisconnect:
            return
    await websocket.close(1000)


class _Session:
    def __init__(
        self, websocket: WebSocket, stream: Stream, pictures: Subscription, options: FrameOptions, outlet: Outlet, guest: bool
    ) -> None:
        self._websocket, self._stream, self._pictures = websocket, stream, pictures
        self._options, self._outlet, self._guest = options, outlet, guest
        self._started = time.monotonic()

    async def greet(self) -> None:
        await self._say("session_started", self._facts())

    async def receive(self) -> None:
        while True:
            try:
                if not await self._obey(_command(await inlet.text(self._websocket))):
                    return
            except BadRequest as error:
                await self._outlet.text(frame_json.error_message(error))

    async def end(self) -> None:
        """A window that was closed is not found any more: such a client has no other way to learn of it."""
        reason = await self._stream.ended()
        ended = WindowNotFound if self._stream.id.kind is Kind.WINDOW else SourceGone
        error = ended(f"{self._stream.id} has ended: {reason}")
        await self._outlet.text(frame_json.error_message(error))
        raise error

    async def stats(self) -> None:
        while True:
            await asyncio.sleep(STATS_EVERY)
            await self._say("stats", self._counters())

    async def _obey(self, command: dict[str, Any]) -> bool:
        match command.get("command"):
            case "update_options":
                self._options = self._options.updated(command.get("options"))
                self._pictures.update(fps=self._options.fps, spec=self._options.spec())
                await self._say("session_updated", self._facts())
            case "take_screenshot":
                self._pictures.again()
            case "get_status":
                await self._say("status", self._facts() | self._counters())
            case "stop":
                return False
            case other:
                raise BadRequest(f"command {other!r} is unknown; commands are {', '.join(COMMANDS)}")
        return True

    async def _say(self, kind: str, data: dict[str, Any]) -> None:
        await self._outlet.text(frame_json.message(kind, self._stream.session, data))

    def _facts(self) -> dict[str, Any]:
        return {
            "stream": str(self._stream.id),
            "title": discreet.title(self._stream.title, self._stream.url) if self._guest else self._stream.title,
            "state": str(self._stream.state),
            "options": {
                "fps": self._options.fps,
                "quality": self._options.quality or DEFAULT_QUALITY,
                "format": self._options.format,
            },
        }

    def _counters(self) -> dict[str, Any]:
        seconds = max(0.001, time.monotonic() - self._started)
        return {
            "frames_sent": self._pictures.sent,
            "frames_dropped": self._pictures.dropped,
            "bytes_sent": self._pictures.bytes,
            "fps": round(self._pictures.sent / seconds, 2),
            "viewers": self._stream.viewers,
            "duration": round(seconds, 1),
        }


def _command(text: str) -> dict[str, Any]:
    try:
        command = json.loads(text)
    except (ValueError, RecursionError):
        raise BadRequest(f'not JSON: {text[:80]!r}; a command looks like {{"command":"get_status"}}') from None
    if not isinstance(command, dict):
        raise BadRequest(f'a command is a JSON object such as {{"command":"get_status"}}, not {text[:80]!r}')
    return command
