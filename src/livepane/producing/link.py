"""One connection that speaks our producer protocol, from the welcome to its end."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import assert_never

from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from livepane.deadline import within
from livepane.domain.demand import Demand
from livepane.domain.errors import BadRequest, LivepaneError, TooLarge
from livepane.domain.frame import Frame, Picture
from livepane.producing.clock import ServerClock
from livepane.producing.demand import Ceilings, DemandSlot
from livepane.producing.outbox import Outbox
from livepane.producing.render import Renderer
from livepane.producing.websocket import ended
from livepane.wire import frame_binary, messages

log = logging.getLogger(__name__)

WELCOME_WITHIN = 10.0  # s
FIRST_PINGS, FIRST_PAUSE, PING_PAUSE = 3, 0.1, 10.0  # three at once for a good first guess of the clock, then every 10 s
FAREWELL_WITHIN = 0.3  # s


class NotOurProtocol(LivepaneError):
    """The server agreed to our subprotocol and does not speak it (some libraries agree to whatever is offered)."""


@dataclass(frozen=True, slots=True)
class Seat:
    """What a link serves: the source's words and pictures, and the demand on them."""

    outbox: Outbox
    demand: DemandSlot
    ceilings: Ceilings


class Link:
    """Sends what the outbox holds, at most `window` pictures unacknowledged, and takes the demand. Runs once."""

    def __init__(self, websocket: ClientConnection, hello: messages.ProducerHello, seat: Seat, epoch: int) -> None:
        self._websocket = websocket
        self._hello = hello
        self._outbox, self._demand, self._ceilings = seat.outbox, seat.demand, seat.ceilings
        self._clock = ServerClock()
        self._renderer = Renderer()
        self._epoch, self._seq = epoch, 0
        self._unacknowledged: deque[int] = deque()
        self._pings: dict[int, int] = {}
        self._newest: Picture | None = None

    async def open(self) -> messages.Welcome:
        """Say hello and wait for the welcome.

        Raises:
            NotOurProtocol: no welcome, or something else, came back.
            LivepaneError: the server closed the connection; see `ended`.
        """
        described = self._outbox.description
        hello = self._hello.model_copy(
            update={
                "title": described.title if described.title is not None else self._hello.title,
                "url": described.url if described.url is not None else self._hello.url,
                "masked": described.masked or self._hello.masked,
            }
        )
        self._outbox.introduce()
        sent = time.time_ns()
        try:
            await self._websocket.send(messages.encode(hello))
            async with within(WELCOME_WITHIN):
                answer = messages.decode_producer_command(await self._websocket.recv())
        except ConnectionClosed as error:
            raise ended(error, self._hello.name) from None
        except (TimeoutError, BadRequest):
            raise NotOurProtocol("the server does not speak the producer protocol") from None
        except asyncio.CancelledError:  # the server may list us by now: it must not wait for us to come back
            await self._say_farewell()
            raise
        if not isinstance(answer, messages.Welcome):
            raise NotOurProtocol(f"the server answered the hello with {answer.type!r}")
        self._clock.answered(sent, time.time_ns(), int(answer.now * 1e6))
        return answer

    async def run(self, welcome: messages.Welcome) -> None:
        """Serve until the connection ends or the task is cancelled; says farewell in the second case.

        Raises:
            LivepaneError: why the connection ended; see `ended`.
        """
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._receive(), name="producer-receive")
                tasks.create_task(self._send(welcome), name="producer-send")
                tasks.create_task(self._keep_time(), name="producer-clock")
        except BaseExceptionGroup as group:
            error = group.exceptions[0]  # the first to fail cancelled the others
            raise (ended(error, self._hello.name) if isinstance(error, ConnectionClosed) else error) from None
        except asyncio.CancelledError:
            await self._say_farewell()
            raise
        finally:
            await self._send_last_words()

    async def _send(self, limits: messages.Welcome) -> None:
        while True:
            await self._outbox.something()
            await self._send_words()
            if len(self._unacknowledged) < limits.window and (picture := self._outbox.pictures.take()) is not None:
                self._newest = picture
                if (rendered := await self._renderer.new(picture, self._demand.now)) is not None:
                    await self._send_picture(rendered, limits)
                self._outbox.wake()  # another one may have come meanwhile

    async def _say_farewell(self) -> None:
        self._outbox.condition("gone", self._outbox.farewell)
        await self._send_last_words()

    async def _send_last_words(self) -> None:
        with suppress(ConnectionClosed, TimeoutError):
            async with within(FAREWELL_WITHIN):
                await self._send_words()

    async def _send_words(self) -> None:
        for message in self._outbox.words(self._clock.offset):
            await self._websocket.send(messages.encode(message))

    async def _send_picture(self, picture: Picture, limits: messages.Welcome) -> None:
        if len(picture.data) > limits.max_bytes or picture.width * picture.height > limits.max_pixels:
            raise TooLarge(
                f"a picture has {picture.width} x {picture.height} px and {len(picture.data):,} bytes; the server takes at most "
                f"{limits.max_pixels / 1e6:g} MP and {limits.max_bytes:,} bytes. Share less: --max-dimension, --quality."
            )
        self._seq += 1
        at = replace(picture, captured_at=picture.captured_at + self._clock.offset)
        self._unacknowledged.append(self._seq)
        await self._websocket.send(frame_binary.encode(Frame(self._epoch, self._seq, at)))

    async def _receive(self) -> None:
        refused: set[str] = set()
        while True:
            text = await self._websocket.recv()
            try:
                command = messages.decode_producer_command(text)
            except BadRequest as error:
                log.debug("a message from the server was not understood: %s", error)  # a newer server may say more
                continue
            match command:
                case messages.DemandChanged():
                    self._follow(command.demand)
                case messages.PictureAck():
                    while self._unacknowledged and (command.epoch, command.seq) >= (self._epoch, self._unacknowledged[0]):
                        self._unacknowledged.popleft()
                    self._outbox.wake()
                case messages.Pong():
                    if (sent := self._pings.pop(command.id, None)) is not None:
                        self._clock.answered(sent, time.time_ns(), int(command.now * 1e6))
                case messages.ErrorMessage():
                    if command.code not in refused:
                        refused.add(command.code)
                        log.warning("the server refused something of %s: %s", self._hello.name, command.message)
                case messages.Welcome():
                    pass
                case _:
                    assert_never(command)

    def _follow(self, wish: messages.DemandModel | None) -> None:
        before = self._demand.wanted
        if wish is None:
            self._demand.set(None)
            self._renderer.forget()  # who looks next sees a picture, even if it is the same
            self._newest = None
            self._outbox.pictures.take()
            return
        now = self._ceilings.limit(Demand(wish.fps, wish.quality, wish.width, wish.height, wish.highlight))
        self._demand.set(now)
        sharper = before is not None and (before.quality, before.width, before.height) != (now.quality, now.width, now.height)
        if sharper and self._newest is not None and self._newest.encoding == "raw":
            self._outbox.put(self._newest)  # a source that stands still is shown in the new size all the same

    async def _keep_time(self) -> None:
        number = 0
        while True:
            number += 1
            self._pings = {number: time.time_ns()}  # an answer to an older one would only tell of a slow line
            await self._websocket.send(messages.encode(messages.Ping(id=number, rtt=self._clock.round_trip / 1e6)))
            await asyncio.sleep(FIRST_PAUSE if number < FIRST_PINGS else PING_PAUSE)
