"""`WS /api/live`: our own viewer protocol, all panes of a page on one socket (docs/reference/protocols.md)."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import assert_never

from starlette.websockets import WebSocket, WebSocketDisconnect

from livepane import __version__
from livepane.domain.access import Rights
from livepane.domain.demand import RenditionSpec
from livepane.domain.errors import BadRequest, LivepaneError, SourceGone, TooMany
from livepane.domain.frame import Encoding
from livepane.domain.stream import Spot
from livepane.hub.hub import BUDGET, Changes, Hub
from livepane.hub.stream import Stream
from livepane.transports import connection, inlet, outlet
from livepane.transports.outlet import Outlet
from livepane.transports.pane import Look, Pane
from livepane.transports.session import together
from livepane.transports.view import action_model, spot_model, stream_model
from livepane.transports.window import FAR
from livepane.wire import ack, messages, stats
from livepane.wire.clock import ms
from livepane.wire.websocket_frame import TEXT, frame

STATS_EVERY = 2.0  # seconds
STATS_AGAIN = 3  # rounds after which they are told although they are what they were
TOLD_EVERY = 0.05  # seconds: changes in between are told together
PANES = 200
SPOTS = "spots"  # among the ids of what changed: an element that is worked on has moved


async def serve(websocket: WebSocket, hub: Hub, rights: Rights, stall: float) -> None:
    """Run the session on an accepted socket until the peer leaves."""
    session = _Session(websocket, hub, rights, outlet.of(websocket, stall))
    direct = connection.of(websocket.scope)
    if direct is not None:
        direct.on_ack = session.acknowledged
    try:
        with hub.changes() as changes:
            session.on_point = lambda: changes.add(SPOTS)
            await session.greet()
            session.stats()
            await together(session.receive(), session.tell(changes), session.carry())
    except WebSocketDisconnect:
        return
    finally:
        if direct is not None:
            direct.on_ack = None
        session.stop()


class _Session:
    def __init__(self, websocket: WebSocket, hub: Hub, rights: Rights, outlet: Outlet) -> None:
        self._websocket, self._hub, self._rights, self._outlet = websocket, hub, rights, outlet
        self._panes: dict[int, Pane] = {}  # by the numbers that the viewer chose; several may share one
        self._channels: dict[int, Pane] = {}  # each of them once
        self._ended: list[messages.ErrorMessage] = []
        self.on_point: Callable[[], None] | None = None  # is to be called when a spot moves
        self._spots: dict[str, Spot | None] = {}  # as this viewer knows them, of streams that it wants them of
        self._told: dict[str, int] = {}  # how many actions of a watched stream this viewer knows
        self._round_trip: float | None = None
        self._next_stats: asyncio.TimerHandle | None = None
        self._stats, self._stats_kept = "", 0  # what was told last, and for how many rounds

    async def greet(self) -> None:
        roles = sorted(str(role) for role in self._rights.roles)
        hello = messages.Hello(version=__version__, now=ms(time.time_ns()), window=FAR, roles=roles)
        await self._say(hello)
        known = [stream_model(one, guest=self._rights.guest) for one in self._hub.list() if self._may_know(one)]
        await self._say(messages.Streams(streams=known))
        await self._say(self._budget())

    def _budget(self) -> messages.Budget:
        slowed = sum(stream.slowed_to is not None and self._may_know(stream) for stream in self._hub.all())
        limit, allowed = self._hub.limited if slowed else (None, None)
        return messages.Budget(slowed=slowed, limit=limit, allowed=allowed)

    def _may_know(self, stream: Stream) -> bool:
        return self._rights.streams.allows(str(stream.id))

    def stop(self) -> None:
        """Leave every stream."""
        if self._next_stats is not None:
            self._next_stats.cancel()
        for pane in self._channels.values():
            pane.stop()

    # --- what the viewer says ---------------------------------------------------------------------

    async def receive(self) -> None:
        while True:
            message = await inlet.either(self._websocket)
            pane = None
            try:
                if isinstance(message, bytes):
                    self.acknowledged(*ack.decode(message)[:3])
                    continue
                command = messages.decode_viewer_command(message)
                pane = getattr(command, "pane", None)
                await self._obey(command)
            except LivepaneError as error:
                await self._say(messages.ErrorMessage(code=error.code, message=error.message, pane=pane))

    async def _obey(self, command: messages.ViewerCommand) -> None:
        match command:
            case messages.Watch():
                await self._watch(command)
            case messages.Unwatch():
                self._leave(command.pane)
            case messages.Ack():
                self.acknowledged(command.channel, command.epoch, command.seq)
            case messages.Screenshot():
                self._pane(command.pane).pictures.again()
            case messages.Ping():
                if command.rtt is not None:
                    self._round_trip = command.rtt
                    for pane in self._channels.values():
                        pane.window.resize(command.rtt)
                await self._say(messages.Pong(id=command.id, now=ms(time.time_ns())))
            case _:
                assert_never(command)

    async def _watch(self, command: messages.Watch) -> None:
        self._rights.require_stream(command.stream)
        stream = await self._hub.open(command.stream)
        spec = RenditionSpec(Encoding(command.format), command.quality, command.width, command.height)
        look = Look(command.fps, command.highlight)
        number, pane = command.pane, self._panes.get(command.pane)
        if pane is None and len(self._panes) >= PANES:
            raise TooMany(f"this socket shows {PANES} panes already; close one, or open another socket")
        shown = next((one for one in self._channels.values() if one.stream is stream and one.pictures.spec == spec), None)
        if shown is not None:  # over the line already, for this pane or for another
            if pane is not shown:
                self._leave(number)
                self._panes[number] = shown
            shown.join(number, look)
            await self._opened(number, shown)
            if pane is not shown:
                shown.pictures.again()  # a picture at once, for the one that has just come
        elif pane is not None and pane.stream is stream and len(pane.numbers) == 1:
            pane.pause()  # no picture of the new channel may overtake its announcement
            del self._channels[pane.pictures.channel]
            pane.update(number, look=look, spec=spec)
            self._channels[pane.pictures.channel] = pane
            await self._opened(number, pane)
            pane.start()
        else:
            self._leave(number)
            pane = Pane(number, stream, spec, look, self._outlet, self._lost)
            pane.pictures.on_point = self.on_point
            if self._round_trip is not None:
                pane.window.resize(self._round_trip)
            self._panes[number] = self._channels[pane.pictures.channel] = pane
            # Actions so far come with the pane; later ones as they happen.
            self._told.setdefault(str(stream.id), max(0, stream.action_count - len(stream.actions)))
            await self._opened(number, pane)
            pane.start()
        await self._tell_actions()
        await self._tell_spots()

    async def _opened(self, number: int, pane: Pane) -> None:
        await self._say(messages.PaneOpened(pane=number, stream=str(pane.stream.id), channel=pane.pictures.channel))

    def _leave(self, number: int) -> None:
        pane = self._panes.pop(number, None)
        if pane is not None:
            pane.leave(number)
            if not pane.numbers:
                del self._channels[pane.pictures.channel]

    def acknowledged(self, channel: int, epoch: int, seq: int) -> None:
        """A picture was painted. Called for every picture of every viewer: keep it short."""
        pane = self._channels.get(channel)
        if pane is not None:
            pane.window.acknowledged((epoch, seq))

    def _pane(self, number: int) -> Pane:
        pane = self._panes.get(number)
        if pane is None:
            raise BadRequest(f"pane {number} is not open on this socket; watch a stream in it first")
        return pane

    # --- what the viewer is told --------------------------------------------------------------------

    async def carry(self) -> None:
        await self._outlet.run()

    def _lost(self, pane: Pane, error: SourceGone) -> None:
        """The stream of a pane was removed: its viewer is told by the next round of changes."""
        self._channels.pop(pane.pictures.channel, None)
        pane.stop()
        for number in pane.numbers:
            self._panes.pop(number, None)
            self._ended.append(messages.ErrorMessage(code=error.code, message=error.message, pane=number))

    async def tell(self, changes: Changes) -> None:
        while True:
            for stream_id in await changes.take():
                if stream_id == BUDGET:
                    await self._say(self._budget())
                    continue
                if stream_id == SPOTS:
                    continue  # told below, after the actions that they belong to
                if not self._rights.streams.allows(stream_id):
                    continue
                stream = self._hub.find(stream_id)
                if stream is None:
                    self._told.pop(stream_id, None)
                    await self._say(messages.StreamRemoved(id=stream_id))
                elif stream.listed:
                    await self._say(messages.StreamChanged(stream=stream_model(stream, guest=self._rights.guest)))
            while self._ended:
                await self._say(self._ended.pop(0))
            await self._tell_actions()
            await self._tell_spots()
            await asyncio.sleep(TOLD_EVERY)

    async def _tell_actions(self) -> None:
        for stream in {pane.stream for pane in self._channels.values()}:
            name = str(stream.id)
            new = stream.action_count - self._told.get(name, 0)
            self._told[name] = stream.action_count
            for action in list(stream.actions)[-new:] if new > 0 else []:
                await self._say(messages.ActionHappened(stream=name, action=action_model(action, guest=self._rights.guest)))

    async def _tell_spots(self) -> None:
        wanted = {pane.stream for pane in self._channels.values() if pane.pictures.highlight}
        known, self._spots = self._spots, {str(stream.id): stream.spot for stream in wanted}
        for name, spot in self._spots.items():
            if name not in known or spot != known[name]:
                model = None if spot is None else spot_model(spot, guest=self._rights.guest)
                await self._say(messages.Highlight(stream=name, spot=model))

    def stats(self) -> None:
        """Tell what the panes cost, now and from then on: without a task and never before a picture, for it goes to everybody."""
        self._next_stats = asyncio.get_running_loop().call_later(STATS_EVERY, self.stats)
        if not self._channels or not self._outlet.free:
            return
        now = time.monotonic()
        text = stats.encode([row for pane in self._channels.values() for row in pane.stats(now)])
        self._stats_kept += 1
        if text != self._stats or self._stats_kept >= STATS_AGAIN:
            self._stats, self._stats_kept = text, 0
            self._outlet.push(frame(text.encode(), TEXT))

    async def _say(self, message: messages.Message) -> None:
        await self._outlet.text(messages.encode(message))
