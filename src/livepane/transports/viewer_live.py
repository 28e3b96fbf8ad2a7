"""`WS /api/live`: our own viewer protocol, all panes of a page on one socket (docs/reference/protocols.md)."""

from __future__ import annotations

import asyncio
import time
from typing import assert_never

from starlette.websockets import WebSocket, WebSocketDisconnect

from livepane import __version__
from livepane.domain.demand import RenditionSpec
from livepane.domain.errors import BadRequest, LivepaneError, SourceGone, TooMany
from livepane.domain.frame import Encoding
from livepane.hub.hub import Changes, Hub
from livepane.transports import connection, inlet, outlet
from livepane.transports.outlet import Outlet
from livepane.transports.pane import Pane
from livepane.transports.session import together
from livepane.transports.view import action_model, stream_model
from livepane.transports.window import FAR
from livepane.wire import ack, messages
from livepane.wire.clock import ms

STATS_EVERY = 2.0  # seconds
TOLD_EVERY = 0.05  # seconds: changes in between are told together
PANES = 200


async def serve(websocket: WebSocket, hub: Hub, roles: list[str], stall: float) -> None:
    """Run the session on an accepted socket until the peer leaves."""
    session = _Session(websocket, hub, outlet.of(websocket, stall))
    direct = connection.of(websocket.scope)
    if direct is not None:
        direct.on_ack = session.acknowledged
    try:
        with hub.changes() as changes:
            await session.greet(roles)
            await together(session.receive(), session.tell(changes), session.stats(), session.carry())
    except WebSocketDisconnect:
        return
    finally:
        if direct is not None:
            direct.on_ack = None
        session.stop()


class _Session:
    def __init__(self, websocket: WebSocket, hub: Hub, outlet: Outlet) -> None:
        self._websocket, self._hub, self._outlet = websocket, hub, outlet
        self._panes: dict[int, Pane] = {}
        self._ended: list[messages.ErrorMessage] = []
        self._told: dict[str, int] = {}  # how many actions of a watched stream this viewer knows
        self._round_trip: float | None = None

    async def greet(self, roles: list[str]) -> None:
        hello = messages.Hello(version=__version__, now=ms(time.time_ns()), window=FAR, roles=roles)
        await self._say(hello)
        await self._say(messages.Streams(streams=[stream_model(stream) for stream in self._hub.list()]))

    def stop(self) -> None:
        """Leave every stream."""
        for pane in self._panes.values():
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
                if (pane := self._panes.pop(command.pane, None)) is not None:
                    pane.stop()
            case messages.Ack():
                self.acknowledged(command.channel, command.epoch, command.seq)
            case messages.Screenshot():
                self._pane(command.pane).pictures.again()
            case messages.Ping():
                if command.rtt is not None:
                    self._round_trip = command.rtt
                    for pane in self._panes.values():
                        pane.window.resize(command.rtt)
                await self._say(messages.Pong(id=command.id, now=ms(time.time_ns())))
            case _:
                assert_never(command)

    async def _watch(self, command: messages.Watch) -> None:
        stream = await self._hub.open(command.stream)
        spec = RenditionSpec(Encoding(command.format), command.quality, command.width, command.height)
        pane = self._panes.get(command.pane)
        if pane is not None and pane.stream is not stream:
            del self._panes[command.pane]
            pane.stop()
            pane = None
        if pane is None:
            if len(self._panes) >= PANES:
                raise TooMany(f"this socket shows {PANES} panes already; close one, or open another socket")
            pane = Pane(command.pane, stream, spec, command.fps, self._outlet, self._lost)
            if self._round_trip is not None:
                pane.window.resize(self._round_trip)
            self._panes[command.pane] = pane
            # Actions so far come with the pane; later ones as they happen.
            self._told.setdefault(str(stream.id), max(0, stream.action_count - len(stream.actions)))
            await self._opened(pane)
            pane.start()
        else:
            pane.pause()  # no picture of the new channel may overtake its announcement
            pane.update(fps=command.fps, spec=spec)
            await self._opened(pane)
            pane.start()
        await self._tell_actions()

    async def _opened(self, pane: Pane) -> None:
        await self._say(messages.PaneOpened(pane=pane.number, stream=str(pane.stream.id), channel=pane.pictures.channel))

    def acknowledged(self, channel: int, epoch: int, seq: int) -> None:
        """A picture was painted. Called for every picture of every viewer: keep it short."""
        for pane in self._panes.values():
            if pane.pictures.channel == channel:
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
        self._panes.pop(pane.number, None)
        pane.stop()
        self._ended.append(messages.ErrorMessage(code=error.code, message=error.message, pane=pane.number))

    async def tell(self, changes: Changes) -> None:
        while True:
            for stream_id in await changes.take():
                stream = self._hub.find(stream_id)
                if stream is None:
                    self._told.pop(stream_id, None)
                    await self._say(messages.StreamRemoved(id=stream_id))
                elif stream.listed:
                    await self._say(messages.StreamChanged(stream=stream_model(stream)))
            while self._ended:
                await self._say(self._ended.pop(0))
            await self._tell_actions()
            await asyncio.sleep(TOLD_EVERY)

    async def _tell_actions(self) -> None:
        for stream in {pane.stream for pane in self._panes.values()}:
            name = str(stream.id)
            new = stream.action_count - self._told.get(name, 0)
            self._told[name] = stream.action_count
            for action in list(stream.actions)[-new:] if new > 0 else []:
                await self._say(messages.ActionHappened(stream=name, action=action_model(action)))

    async def stats(self) -> None:
        while True:
            await asyncio.sleep(STATS_EVERY)
            if self._panes:
                await self._say(messages.Stats(panes=[pane.stats() for pane in self._panes.values()]))

    async def _say(self, message: messages.Message) -> None:
        await self._outlet.text(messages.encode(message))
