"""A source of this machine as a stream of a server elsewhere: captured only while somebody there looks."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from enum import StrEnum

from websockets.asyncio.client import ClientConnection

from livepane.discovery import Located
from livepane.domain.errors import LivepaneError, NameTaken, SourceGone, Unavailable
from livepane.domain.ports import Source
from livepane.producing.backoff import Backoff
from livepane.producing.demand import Ceilings, DemandSlot
from livepane.producing.link import Link, NotOurProtocol, Seat
from livepane.producing.outbox import Outbox
from livepane.producing.plain import PlainLink
from livepane.producing.websocket import open_socket
from livepane.wire import messages

log = logging.getLogger(__name__)

GHOST = 60.0  # s: our own lost connection may hold our name until the server notices that it is silent
SETTLED = 5.0  # s: a connection that lived this long was a good one
_EPOCH_START = 1_577_836_800  # 2020-01-01


class Happening(StrEnum):
    """What a person wants to hear of."""

    CONNECTED = "connected"  # detail: the stream's id, or the server's URL where it has none
    PLAIN = "plain"  # connected to a server that does not tell whether anybody looks
    WATCHED = "watched"  # capture starts; detail: how
    PAUSED = "paused"  # nobody looks, capture stops
    LOST = "lost"  # said once, not per attempt; detail: why
    BACK = "back"
    FAILING = "failing"  # the capture fails and is tried again; detail: why
    GONE = "gone"  # the source has ended; detail: why


Locate = Callable[[], Awaitable[Located | None]]
Tell = Callable[[Happening, str], None]


class Producer:
    """Runs one source for one server, for as long as both live; comes back for ever."""

    def __init__(
        self,
        locate: Locate,
        hello: messages.ProducerHello,
        *,
        ceilings: Ceilings | None = None,
        tell: Tell = lambda what, detail: None,
    ) -> None:
        """
        Args:
            locate: where the server is, asked before every attempt; None: not there yet.
            hello: the stream's kind and name, and what it shows until the source describes itself.
            tell: hears what happens; must return at once.
        """
        self.outbox = Outbox()
        self.server: Located | None = None  # of the newest connection
        self._locate = locate
        self._hello = hello
        self._demand = DemandSlot()
        self._seat = Seat(self.outbox, self._demand, ceilings or Ceilings())
        self._tell = tell
        self._epoch = 0
        self._was_connected_at: float | None = None
        self._lost = False

    async def run(self, source: Source) -> None:
        """Show `source` until it has ended or this task is cancelled. The source is closed in any case.

        Raises:
            NameTaken: another producer has the name.
            LivepaneError: the server refuses for good (token, role, bad request), or a picture is more than it takes.
        """
        try:
            async with asyncio.TaskGroup() as tasks:
                connection = tasks.create_task(self._stay_connected(), name=f"producer {self._hello.name} connection")
                await self._capture_on_demand(source)
                connection.cancel()  # says farewell on its way
        except BaseExceptionGroup as group:
            raise group.exceptions[0] from None
        finally:
            await source.close()

    def leave(self, reason: str) -> None:
        """What viewers are told when the task is cancelled after this."""
        self.outbox.farewell = reason

    # --- the connection ------------------------------------------------------------------------------

    async def _stay_connected(self) -> None:
        backoff, plain = Backoff(), False
        while True:
            started = time.monotonic()
            try:
                await self._connect_once(plain=plain)
            except NotOurProtocol as error:
                log.debug("%s: %s; going on without it", self._hello.name, error)
                plain = True
                continue
            except NameTaken as error:
                if self._was_connected_at is None or time.monotonic() - self._was_connected_at > GHOST:
                    raise
                self._say_lost(error.message)
            except Unavailable as error:
                self._say_lost(error.message)
            finally:
                self._demand.set(None)
            plain = False
            if time.monotonic() - started > SETTLED:
                backoff.reset()
            await asyncio.sleep(backoff.next())

    async def _connect_once(self, *, plain: bool) -> None:
        target = await self._locate()
        if target is None:
            raise Unavailable("no server runs here yet")
        async with await open_socket(target, self._hello.name, plain=plain) as websocket:
            self.server = target
            try:
                await self._serve(websocket, target)
            finally:
                await websocket.close()  # a normal end (1000), also when we are cancelled

    async def _serve(self, websocket: ClientConnection, target: Located) -> None:
        if websocket.subprotocol != messages.PRODUCER_SUBPROTOCOL:
            self._say_connected(Happening.PLAIN, target.url)
            await PlainLink(websocket, self._hello.name, self._seat).run()
            return
        self._epoch = max(self._epoch + 1, int(time.time()) - _EPOCH_START)
        link = Link(websocket, self._hello, self._seat, self._epoch)
        welcome = await link.open()
        self._say_connected(Happening.CONNECTED, welcome.stream)
        try:
            await link.run(welcome)
        finally:
            self._was_connected_at = time.monotonic()

    def _say_connected(self, what: Happening, detail: str) -> None:
        self._was_connected_at = time.monotonic()
        self._tell(Happening.BACK if self._lost else what, detail)
        self._lost = False

    def _say_lost(self, reason: str) -> None:
        if not self._lost:
            self._lost = True
            self._tell(Happening.LOST, reason)

    # --- the capture ---------------------------------------------------------------------------------

    async def _capture_on_demand(self, source: Source) -> None:
        backoff = Backoff(0.5, 10.0)
        while True:
            wanted = await self._demand.asked_for()
            self._tell(Happening.WATCHED, f"up to {wanted.fps:g} pictures a second")
            try:
                if await self._capture_while_wanted(source):
                    reason = "it has ended"
                    break
                self._tell(Happening.PAUSED, "nobody is watching")
                backoff.reset()
            except SourceGone as error:
                reason = error.message
                break
            except LivepaneError as error:
                await self._fail(error.message, backoff)
            except Exception as error:
                log.exception("%s: capture failed", self._hello.name)
                await self._fail(f"capture failed: {error}", backoff)
        self.leave(reason)
        self._tell(Happening.GONE, reason)

    async def _capture_while_wanted(self, source: Source) -> bool:
        """Capture until nobody looks (False) or the source has ended (True)."""
        loop = asyncio.get_running_loop()
        capture = loop.create_task(self._attempt(source), name=f"producer {self._hello.name} capture")
        given_up = loop.create_task(self._demand.given_up(), name=f"producer {self._hello.name} given up")
        try:
            await asyncio.wait({capture, given_up}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            ended = capture.done()
            given_up.cancel()
            capture.cancel()
            await asyncio.wait({capture, given_up})
        if ended and not capture.cancelled() and (error := capture.result()) is not None:
            raise error
        return ended

    async def _attempt(self, source: Source) -> Exception | None:
        """Capture once. A task that ends with an error would be reported when its loop is shut down, whoever took the error."""
        try:
            await source.capture(self.outbox, self._demand)
        except Exception as error:
            return error
        return None

    async def _fail(self, reason: str, backoff: Backoff) -> None:
        self.outbox.condition("reconnecting", reason)
        self._tell(Happening.FAILING, reason)
        await asyncio.sleep(backoff.next())
