"""`WS /ws/producer`: one machine shares. Plain sockets push JPEGs; ours get demand and say what they do."""

from __future__ import annotations

import asyncio
import contextlib
import math
import time
import weakref
from collections.abc import Iterator
from dataclasses import replace
from typing import assert_never

from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from livepane.deadline import within
from livepane.domain import names
from livepane.domain.access import Rights
from livepane.domain.demand import Demand
from livepane.domain.errors import BadRequest, LivepaneError, NameTaken
from livepane.domain.frame import Picture
from livepane.domain.stream import Kind, StreamId
from livepane.hub.elsewhere import SourceElsewhere
from livepane.hub.hub import Hub
from livepane.hub.pace import Pace
from livepane.hub.seat import Seat, taken
from livepane.hub.stream import Stream
from livepane.media.image import Limits, receive
from livepane.transports import inlet, outlet
from livepane.transports.outlet import Outlet
from livepane.transports.session import together
from livepane.transports.view import action_of, spot_of
from livepane.wire import frame_binary, messages
from livepane.wire.clock import ms

WINDOW = 2
LEAVING = 0.5  # seconds that a name is waited for: who connects again is often faster than the end of the last connection
FIRST_MESSAGE = 5.0  # seconds that a producer has to say hello
LAST_WORDS = 2.0  # seconds for what a producer that takes no answer any more has said before; it is read already, or never comes
_OWN_KINDS = (Kind.DESKTOP, Kind.MONITOR, Kind.WINDOW, Kind.JOB)  # nobody else may pass for them


class Producers:
    """Who feeds which stream: one producer per name."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._taken: dict[str, asyncio.Event] = {}  # set when who has the name leaves
        self._places: weakref.WeakSet[Stream] = weakref.WeakSet()  # streams that producers feed, and nobody else

    async def ask(self, stream_id: StreamId) -> None:
        """See that a name is not that of somebody who has just left, or of a node that has died: called before it is taken."""
        if (left := self._taken.get(str(stream_id))) is not None:
            with contextlib.suppress(TimeoutError):
                async with within(LEAVING):
                    await left.wait()
        if self._hub.seats is not None:
            await self._hub.seats.ask(str(stream_id))

    @contextlib.contextmanager
    def feeding(
        self, stream_id: StreamId, title: str, url: str | None = None, *, remote: RemoteSource | None = None
    ) -> Iterator[Stream]:
        """The stream of this name, fed by the caller for the length of the block, who has to leave when its seat is lost.

        Raises:
            NameTaken: somebody feeds it already.
        """
        name = str(stream_id)
        if name in self._taken:
            raise NameTaken(f"a producer named {stream_id.name!r} is connected already; choose another name")
        found = self._free(name)
        if found is not None and found not in self._places:
            raise NameTaken(f"{name} is shown by this server itself; choose another name")
        self._taken[name] = asyncio.Event()
        stream = self.place(stream_id, title)
        stream.can_close = False
        stream.describe(title=title, url=url)
        seats = self._hub.seats
        stream.seat = Seat(time.time_ns() if seats is None else seats.next(name))
        stream.attach(remote, pushed=remote is None)
        try:
            yield stream
        finally:
            self._taken.pop(name).set()
            stream.seat = None
            if not stream.gone:
                stream.detach("its producer has left")

    def pushing(self, stream_id: StreamId) -> Stream:
        """The stream of this name, for one picture of a producer that has no connection.

        Raises:
            NameTaken: somebody feeds it by a connection, or it is shown by this server itself.
        """
        name = str(stream_id)
        found = self._free(name)
        if name in self._taken or (found is not None and found not in self._places):
            raise NameTaken(f"{name} is fed by another connection already; choose another name for this source")
        stream = self.place(stream_id)
        stream.can_close = True  # nobody else can end it
        return stream

    def _free(self, name: str) -> Stream | None:
        """The stream of this name, if there is one. One that another node has and nobody feeds there is ours for the taking.

        Raises:
            NameTaken: somebody feeds it there by a connection.
        """
        node = None if self._hub.seats is None else self._hub.seats.holder(name)
        if node is not None:
            raise taken(name.partition(":")[2], node)
        found = self._hub.find(name)
        if found is not None and found.node is not None:
            found.owned = False  # its owner will not end it any more
            self._places.add(found)
        return found

    def place(self, stream_id: StreamId, title: str | None = None) -> Stream:
        """The stream of this name; a place for it, unlisted, when its producer is not there yet."""
        found = self._hub.find(str(stream_id))
        if found is not None:
            return found
        stream = self._hub.add(stream_id, None, title=title or stream_id.name, listed=False)
        self._places.add(stream)
        stream.lose("waiting for its producer")
        return stream


class RemoteSource(SourceElsewhere):
    """The other end of a producer socket, as a source."""

    def __init__(self) -> None:
        super().__init__(self._note)
        self._demand: Demand | None = None
        self._changed = asyncio.Event()
        self._changed.set()  # the first demand, also 'none', is always said

    @property
    def quality(self) -> int | None:
        """The quality that the other end was asked for."""
        return self._demand.quality if self._demand else None

    def _note(self, demand: Demand | None) -> None:
        self._demand = demand
        self._changed.set()

    async def next_demand(self) -> Demand | None:
        """Wait for the next change of what is wanted."""
        await self._changed.wait()
        self._changed.clear()
        return self._demand


class Intake:
    """Lets a producer push so many pictures a second and no more. Of what comes faster the newest waits for its turn:
    the last picture before a pause is the one that viewers must see."""

    def __init__(self, stream: Stream, max_fps: float) -> None:
        self._stream, self._pace = stream, Pace(max_fps)
        self._waiting: Picture | None = None
        self._timer: asyncio.TimerHandle | None = None

    def __enter__(self) -> Intake:
        return self

    def __exit__(self, *_: object) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._waiting is not None:
            self._stream.put(self._waiting)

    def put(self, picture: Picture) -> None:
        """Pass a picture on, now or as soon as the rate allows it, unless a newer one comes before."""
        if self._waiting is not None:
            self._stream.ledger.over_rate += 1
        self._waiting = picture
        if self._timer is None:
            self._pass_on()

    def _pass_on(self) -> None:
        self._timer = None
        now = time.monotonic()
        if (pause := self._pace.wait(now)) > 0:
            # uvloop's clock has whole milliseconds: a shorter pause would be no pause, and we would ask in circles.
            self._timer = asyncio.get_running_loop().call_later(math.ceil(pause * 1000) / 1000, self._pass_on)
        elif self._waiting is not None:
            picture, self._waiting = self._waiting, None
            self._pace.take(now)
            self._stream.put(picture)


def _named(kind: Kind, name: str) -> StreamId:
    """The stream of a producer. Raises BadRequest: its name is none that people can read."""
    if (why := names.why_not(name)) is not None:
        raise BadRequest(f"name = {name[:60]!r} {why}")
    return StreamId(kind, name)


async def serve_plain(
    websocket: WebSocket, producers: Producers, rights: Rights, name: str, limits: Limits, max_fps: float
) -> None:
    """A producer that sends one image per binary message and expects nothing back."""
    stream_id = _named(Kind.PRODUCER, name)
    rights.require_stream(str(stream_id))
    await producers.ask(stream_id)
    with producers.feeding(stream_id, name) as stream, Intake(stream, max_fps) as intake:

        async def take() -> None:
            while True:
                message = await inlet.either(websocket)
                if isinstance(message, str):
                    raise BadRequest(f"a producer sends each picture as one binary message; this was text: {message[:80]!r}")
                intake.put(receive(message, limits))

        await together(take(), seated(stream))


async def seated(stream: Stream) -> None:
    """Wait until the seat of who feeds it is lost.

    Raises:
        NameTaken: it is.
    """
    if stream.seat is not None:
        await stream.seat.held(stream.id.name)


async def serve_own(
    websocket: WebSocket, producers: Producers, rights: Rights, limits: Limits, max_fps: float, stall: float
) -> None:
    """A producer that speaks our protocol: demand down; pictures, actions, title and state up."""
    try:
        async with within(FIRST_MESSAGE):
            hello = messages.decode_producer_message(await inlet.text(websocket))
    except TimeoutError:
        raise BadRequest(f"no hello within {FIRST_MESSAGE:g} s") from None
    if not isinstance(hello, messages.ProducerHello):
        raise BadRequest(f"the first message of a producer is hello, not {hello.type!r}")
    if hello.kind in _OWN_KINDS:
        raise BadRequest(f"kind = {hello.kind!s} is for what this server itself shows; a producer is producer, page or tab")
    stream_id = _named(hello.kind, hello.name)
    rights.require_stream(str(stream_id))
    await producers.ask(stream_id)
    remote = RemoteSource()
    feeding = producers.feeding(stream_id, hello.title or hello.name, hello.url, remote=remote)
    with feeding as stream, Intake(stream, max_fps) as intake:
        stream.describe(masked=hello.masked)
        session = _Session(websocket, stream, remote, limits, intake, outlet.of(websocket, stall))
        try:
            await session.welcome()
            await together(session.receive(), session.send_demand(), session.carry(), seated(stream))
        except WebSocketDisconnect:
            await session.hear_the_rest()


class _Session:
    def __init__(
        self, websocket: WebSocket, stream: Stream, remote: RemoteSource, limits: Limits, intake: Intake, outlet: Outlet
    ) -> None:
        self._websocket, self._stream, self._remote = websocket, stream, remote
        self._limits, self._outlet = limits, outlet
        self._intake = intake
        self._epoch = 0

    async def welcome(self) -> None:
        await self._say(
            messages.Welcome(
                stream=str(self._stream.id),
                now=ms(time.time_ns()),
                max_bytes=self._limits.max_bytes,
                max_pixels=self._limits.max_pixels,
                window=WINDOW,
            )
        )

    async def carry(self) -> None:
        await self._outlet.run()

    async def send_demand(self) -> None:
        while True:
            demand = await self._remote.next_demand()
            model = None
            if demand is not None:
                model = messages.DemandModel(
                    fps=demand.fps,
                    quality=demand.quality,
                    width=demand.width,
                    height=demand.height,
                    highlight=demand.highlight,
                )
            await self._say(messages.DemandChanged(demand=model))

    async def receive(self) -> None:
        while True:
            message = await inlet.either(self._websocket)
            try:
                if isinstance(message, bytes):
                    await self._picture(message)
                else:
                    await self._obey(messages.decode_producer_message(message))
            except LivepaneError as error:
                await self._say(messages.ErrorMessage(code=error.code, message=error.message))

    async def hear_the_rest(self) -> None:
        """The words that came before the end, its farewell perhaps, though an answer to something before them failed already."""
        with contextlib.suppress(WebSocketDisconnect, TimeoutError):
            async with within(LAST_WORDS):
                while self._websocket.client_state is WebSocketState.CONNECTED:
                    message = await inlet.either(self._websocket)
                    with contextlib.suppress(LivepaneError):
                        said = messages.decode_producer_message(message) if isinstance(message, str) else None
                        if said is not None and not isinstance(said, messages.Ping):
                            await self._obey(said)

    async def _picture(self, message: bytes) -> None:
        sent = frame_binary.decode(message).frame
        # The clock of the other machine may be ahead of ours by what its estimate misses; the future is never shown.
        captured_at = min(sent.picture.captured_at, time.time_ns())
        picture = receive(sent.picture.data, self._limits, captured_at=captured_at)
        if sent.epoch > self._epoch and self._epoch:
            self._stream.new_epoch()
        if sent.epoch >= self._epoch:
            self._epoch = sent.epoch
            # It was asked for this quality, so a viewer who wants that (or better) gets the bytes as they are.
            self._intake.put(replace(picture, quality=self._remote.quality))
        await self._say(messages.PictureAck(epoch=sent.epoch, seq=sent.seq))

    async def _obey(self, message: messages.ProducerMessage) -> None:
        match message:
            case messages.ProducerHello():
                raise BadRequest(f"this socket is {self._stream.id} already; one socket is one stream")
            case messages.ProducerAction():
                self._stream.action(action_of(message.action))
            case messages.ProducerHighlight():
                self._stream.point(None if message.spot is None else spot_of(message.spot))
            case messages.ProducerDescribe():
                self._stream.describe(title=message.title, url=message.url, masked=message.masked)
            case messages.ProducerState():
                self._state(message)
            case messages.Ping():
                await self._say(messages.Pong(id=message.id, now=ms(time.time_ns())))
            case _:
                assert_never(message)

    def _state(self, message: messages.ProducerState) -> None:
        match message.state:
            case "live":
                self._stream.visible()
            case "hidden":
                self._stream.hidden(message.reason or "not visible at its source")
            case "reconnecting":
                self._stream.lose(message.reason or "its producer has lost the source")
            case "gone":
                self._stream.end(message.reason or "its producer has ended it")
            case _:
                assert_never(message.state)

    async def _say(self, message: messages.Message) -> None:
        await self._outlet.text(messages.encode(message))
