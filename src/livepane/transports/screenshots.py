"""`WS /ws/screenshots/{queue_id}`: pictures of one job as JSON, with what it does. While nobody is here nothing is captured."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from starlette.websockets import WebSocket, WebSocketDisconnect

from livepane.deadline import within
from livepane.domain import discreet
from livepane.domain.demand import RenditionSpec
from livepane.domain.errors import SourceGone
from livepane.domain.frame import Encoding, Picture
from livepane.domain.stream import Action, Kind, Spot, StreamId
from livepane.hub.hub import Hub
from livepane.hub.stream import Stream
from livepane.hub.subscription import Subscription
from livepane.transports import inlet, outlet
from livepane.transports.outlet import Outlet
from livepane.transports.session import together
from livepane.wire.screenshot import screenshot_message
from livepane.wire.user_settings import LiveScreenshots

LOOK_EVERY = 1.0  # s between two looks whether the settings have changed
FOUND_WITHIN = 0.2  # s that a new action has to find its element, so that it is outlined in the picture that tells of it
LAST_WITHIN = 2.0  # s that the very last picture of a page has to be encoded


@dataclass(frozen=True, slots=True)
class Shown:
    """Which job a client has asked for, and how it looked in the end if it does not run any more."""

    id: int
    kind: str
    last: Callable[[], tuple[Picture, Action | None] | None]
    guest: bool = False  # addresses in labels are cut (`Rights.guest`)

    @property
    def stream(self) -> str:
        """The id of its stream."""
        return str(StreamId(Kind.JOB, str(self.id)))


async def serve(websocket: WebSocket, hub: Hub, job: Shown, settings: Callable[[], LiveScreenshots], stall: float) -> None:
    """Send pictures on an accepted socket until the peer leaves or says `stop`. Switched off by the settings it stays quiet."""
    session = _Session(websocket, hub, job, settings, outlet.of(websocket, stall))
    try:
        await together(session.receive(), session.show(), session.carry())
    except WebSocketDisconnect:
        return
    await websocket.close(1000)


class _Session:
    def __init__(
        self, websocket: WebSocket, hub: Hub, job: Shown, settings: Callable[[], LiveScreenshots], outlet: Outlet
    ) -> None:
        self._websocket, self._hub, self._job, self._settings, self._outlet = websocket, hub, job, settings, outlet
        self._sent = False  # anything at all
        self._sent_at = 0.0  # by the loop's clock
        self._told = 0  # how many actions of the stream the client knows
        self._spot: Spot | None = None  # what was outlined in the newest picture

    async def carry(self) -> None:
        await self._outlet.run()

    async def receive(self) -> None:
        while True:
            match await inlet.either(self._websocket):
                case "ping":
                    await self._outlet.text("pong")
                case "stop":
                    return
                case _:
                    pass  # there is nothing else to say here, and old clients may say more

    async def show(self) -> None:
        """Begin anew whenever the settings change."""
        while True:
            settings = self._settings()
            showing = asyncio.get_running_loop().create_task(self._show(settings), name=f"screenshots of {self._job.stream}")
            try:
                while self._settings() == settings and not showing.done():
                    await asyncio.wait([showing], timeout=LOOK_EVERY)
            finally:
                showing.cancel()
                await asyncio.wait([showing])
            if not showing.cancelled():
                showing.result()

    async def _show(self, settings: LiveScreenshots) -> None:
        with self._hub.changes() as changes:
            while settings.enabled:
                stream = self._hub.find(self._job.stream)
                if stream is not None and not stream.gone:
                    with suppress(SourceGone):
                        await self._live(stream, settings)
                elif not self._sent and (last := self._job.last()) is not None:
                    await self._send(*last)
                while self._job.stream not in await changes.take():  # it starts, or starts once more
                    pass
        await asyncio.get_running_loop().create_future()

    async def _live(self, stream: Stream, settings: LiveScreenshots) -> None:
        """Until the job is over."""
        spec = RenditionSpec(Encoding.JPEG, settings.quality, outlined=settings.highlight)
        with stream.subscribe(spec, settings.frame_rate, highlight=settings.highlight) as pictures:
            await together(self._pictures(stream, pictures, settings), self._actions(stream, pictures, settings), _ended(stream))
            pictures.again()  # what came last may have waited for its turn
            with suppress(TimeoutError):
                async with within(LAST_WITHIN if stream.newest_or_none() is not None else 0):
                    await self._next(stream, pictures)

    async def _pictures(self, stream: Stream, pictures: Subscription, settings: LiveScreenshots) -> None:
        while True:
            await self._turn(settings)  # what was sent out of turn, for an action or by another page, counts too
            await self._next(stream, pictures)

    async def _next(self, stream: Stream, pictures: Subscription) -> None:
        encoded = await pictures.next()
        self._told, self._spot = stream.action_count, encoded.spot
        await self._send(encoded.frame.picture, stream.actions[-1] if stream.actions else None)
        if self._is_new(stream, pictures):  # it moved while this one was drawn
            pictures.pointed()

    async def _actions(self, stream: Stream, pictures: Subscription, settings: LiveScreenshots) -> None:
        """A new action is told with the picture there is, and an outline that moves is drawn, as often as pictures are sent."""
        with self._hub.changes() as changes:
            pictures.on_point = lambda: changes.add(self._job.stream)
            while True:
                await changes.take()
                if not self._is_new(stream, pictures):
                    continue
                if stream.may_point and stream.spot is None and stream.actions and stream.actions[-1].selector:
                    await asyncio.sleep(FOUND_WITHIN)
                await self._turn(settings)
                if self._is_new(stream, pictures) and stream.newest_or_none() is not None:
                    self._told = stream.action_count
                    pictures.again()

    async def _turn(self, settings: LiveScreenshots) -> None:
        """Wait until the next picture may be sent."""
        await asyncio.sleep(max(0.0, self._sent_at + 1 / settings.frame_rate - asyncio.get_running_loop().time()))

    def _is_new(self, stream: Stream, pictures: Subscription) -> bool:
        """Whether there is something that the client does not know, although the picture may be the same."""
        return stream.action_count != self._told or (pictures.spec.outlined and stream.spot != self._spot)

    async def _send(self, picture: Picture, action: Action | None) -> None:
        self._sent, self._sent_at = True, asyncio.get_running_loop().time()
        label = action.label if action is not None else ""
        label = discreet.text(label) if self._job.guest else label
        await self._outlet.text(screenshot_message(self._job.id, self._job.kind, label, picture))


async def _ended(stream: Stream) -> None:
    await stream.ended()
