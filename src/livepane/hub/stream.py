"""One live view: the newest frame, everyone watching it, and the capture that runs while somebody does."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager

from livepane.domain import discreet
from livepane.domain.demand import Demand, RenditionSpec
from livepane.domain.errors import SourceGone
from livepane.domain.frame import Encoding, Frame, Picture
from livepane.domain.ports import Source
from livepane.domain.stream import Punctuality, State, StreamId
from livepane.hub.audience import Audience
from livepane.hub.cadence import Cadence
from livepane.hub.capture import Capture
from livepane.hub.ledger import Ledger
from livepane.hub.rendition import Rendition, Renditions
from livepane.hub.seat import Seat
from livepane.hub.subscription import Subscription
from livepane.hub.told import Told
from livepane.hub.truth import Truth

BEAT_TOLD = 500_000_000  # ns: a sign of life is told when it is so much younger than the one that was told last
_EPOCH_START = 1_577_836_800  # 2020-01-01: epochs are seconds since then, so that they grow over restarts and fit 32 bits


class Stream(Told):
    """The sink of one source and the tap of many viewers. Belongs to one event loop."""

    def __init__(
        self,
        stream_id: StreamId,
        source: Source | None,
        *,
        title: str,
        executor: Executor,
        ledger: Ledger,
        grace: float,
        on_change: Callable[[Stream], None],
        may_highlight: Callable[[], bool] = lambda: True,
        url: str | None = None,
        can_close: bool = False,
        listed: bool = True,
        transient: bool = False,
        owned: bool = False,
    ) -> None:
        super().__init__(title, url)
        self.id = stream_id
        self.node: str | None = None  # who owns it, if it belongs to another node of a cluster; None: we do
        self.seat: Seat | None = None  # of the producer that feeds it by a connection to us
        self.on_frame: Callable[[Frame], object] | None = None  # is given every picture that is put, also one like the newest
        self.session = secrets.token_hex(8)  # this life of the stream, for clients that want a session id
        self.can_close = can_close
        self.transient = transient  # opened because somebody named it: goes when nobody has watched for a while
        self.owned = owned  # stays without a source, until its owner ends it
        self.opened = False  # by its name: it was there before anybody asked (a window, a monitor)
        self.listed = listed  # False: a place kept for a producer that viewers wait for
        self.captures = self.pictures = 0  # that were put; of those, that showed something new
        self.slowed_to: float | None = None  # pictures a second, while the capture budget leaves less than is asked for
        self.state_since = time.time_ns()
        self.last_used = time.monotonic()
        self.ledger = ledger
        self._on_change = on_change
        self._latest: Frame | None = None
        self._epoch, self._seq = 0, 0
        self._truth = Truth()
        self._beat: tuple[Punctuality | None, int] = (None, 0)  # what was told last of a producer without a connection
        self._ended = asyncio.Event()  # set while it is gone
        self._state = State.IDLE
        self._audience = Audience(stream_id, self.demand_changed, may_highlight)
        self._renditions = Renditions(self.session, executor, ledger)
        self.capture = Capture(self, grace=grace)
        self.capture.source = source
        self._spent: list[Source] = []  # have ended by themselves and are still to be closed
        self._closed = False
        self._news = asyncio.Event()  # for those who wait for a first picture
        self.new_epoch()

    # --- what the source side calls (FrameSink) ---------------------------------------------------

    def put(self, picture: Picture) -> None:
        """Take a picture. One that is equal to the newest only confirms that it is still true."""
        now = time.monotonic()
        self.captures += 1
        self._truth.confirmed_at = now
        self._truth.fresh, self._truth.hidden, self._truth.lost = True, None, None
        newest = self._latest
        if not self._show(picture):
            self.ledger.same += 1
        self._news.set()
        if self._state is not State.LIVE or newest is None:
            self.refresh_state()
        if self.on_frame is not None and self._latest is not None:
            self.on_frame(self._latest)

    def recall(self, picture: Picture) -> None:
        """Take a picture that was true once: it is shown until one comes that is true now."""
        if not self.fresh and self._show(picture):
            self._news.set()

    def _show(self, picture: Picture) -> bool:
        """Make it the newest, unless the newest is like it."""
        newest = self._latest
        if newest is not None and newest.epoch == self._epoch and newest.picture.shows_the_same_as(picture):
            return False
        self._seq += 1
        self.pictures += 1
        self.ledger.frames_in += 1
        self._latest = Frame(self._epoch, self._seq, picture)
        if newest is None or (newest.picture.width, newest.picture.height) != (picture.width, picture.height):
            self._on_change(self)
        self._truth.changed_at = time.monotonic()
        self._audience.notify()
        return True

    def visible(self) -> None:
        """The source draws (again), and capture is healthy."""
        self._truth.hidden = self._truth.lost = None
        self._truth.confirmed_at = time.monotonic()
        self.refresh_state()

    def hidden(self, reason: str) -> None:
        """The source is there and draws nothing."""
        before, self._truth.hidden = self._truth.hidden, discreet.text(reason)
        self.refresh_state()
        if before is not None and before != self._truth.hidden:
            self._on_change(self)

    def _changed(self) -> None:
        self._on_change(self)

    def _pointed(self) -> None:
        self._audience.pointed()

    @property
    def may_point(self) -> bool:
        """Whether somebody wants to see which element is worked on."""
        return self._audience.followed is not None and self._audience.followed.highlight

    # --- the life of the source -------------------------------------------------------------------

    def attach(
        self, source: Source | None, *, pushed: bool = False, cadence: Cadence | None = None, node: str | None = None
    ) -> None:
        """A source (again). Without demand of its own (`pushed`), pictures simply arrive by `put`. `cadence`: there is not even a
        connection, its beat alone tells whether the source is still there. `node`: the owner; None: we, from now on."""
        self.node = node
        self._truth.gone = self._truth.lost = self._truth.hidden = self._truth.unplugged = None
        self._ended.clear()
        self._truth.pushed, self._truth.cadence, self._truth.fresh, self.listed = pushed, cadence, False, True
        self._truth.confirmed_at = time.monotonic()
        self.new_epoch()
        self.capture.stop_now()  # of the source before
        self.capture.source = source
        self.demand_changed()
        self.refresh_state()

    def lose(self, reason: str) -> None:
        """The source is away and may come back; what viewers have may be old."""
        self._truth.lost = discreet.text(reason)
        self.refresh_state()

    def detach(self, reason: str) -> None:
        """The producer has left; viewers stay, and go on when it comes back."""
        self._truth.pushed, self._truth.cadence = False, None
        self.capture.source = None
        self.capture.stop_now()
        self.lose(reason)

    def unplug(self, why: str) -> None:
        """There is no source for now and none is missed: the newest picture stays, and viewers are told why."""
        self._truth.unplugged, self._truth.lost, self._truth.hidden = why, None, None
        self.capture.source = None
        self.capture.stop_now()
        self._on_change(self)

    def end(self, reason: str) -> None:
        """The source has ended for good."""
        self._truth.gone = discreet.text(reason)  # closes sockets of all viewers, guests too
        self._ended.set()
        if self.capture.source is not None:
            self._spent.append(self.capture.source)
        self.capture.source = None
        self.capture.stop_now()
        self.refresh_state()

    def new_capture(self) -> None:
        """Capture starts: what we have is not known to be true any more until a picture comes."""
        self._truth.fresh = False
        self._truth.hidden = None
        self.refresh_state()

    def rest(self) -> None:
        """Capture has stopped because nobody watches: nobody tries to get a lost source back either."""
        self._truth.lost = None
        self.refresh_state()

    def new_epoch(self) -> None:
        """A new life of the source: what comes now supersedes everything before."""
        self._epoch = max(self._epoch + 1, int(time.time()) - _EPOCH_START)
        self._seq = 0
        self._truth.fresh = False

    async def close(self) -> None:
        """End capture, let go of the source, wake every viewer (they get SourceGone)."""
        self.end(self._truth.gone or "closed")
        self._closed = True
        self._audience.holds.clear()
        self._audience.notify()
        await self.release()

    async def release(self) -> None:
        """Close the sources that have ended."""
        await self.capture.finished()
        while self._spent:
            await self._spent.pop().close()

    # --- what the viewer side calls ---------------------------------------------------------------

    def newest(self) -> Frame | None:
        """The newest frame, of any age.

        Raises:
            SourceGone: the stream was removed.
        """
        if self._closed:
            raise SourceGone(f"stream {self.id} has ended: {self._truth.gone}")
        return self._latest

    def newest_or_none(self) -> Frame | None:
        """The newest frame, of any age and whatever became of the stream."""
        return self._latest

    @contextmanager
    def subscribe(self, spec: RenditionSpec | None = None, fps: float = 10.0, highlight: bool = False) -> Iterator[Subscription]:
        """Watch: capture runs inside the block, and for the grace time after the last. `highlight`: see `Demand.highlight`."""
        viewer = Subscription(self, self._renditions.use(spec or RenditionSpec()), fps, highlight=highlight)
        self._audience.viewers.add(viewer)
        self.demand_changed()
        self._on_change(self)
        try:
            yield viewer
        finally:
            self._audience.viewers.discard(viewer)
            viewer.leave()
            self._renditions.release(viewer.spec)
            self.last_used = time.monotonic()
            self.demand_changed()
            self._on_change(self)

    def hold(self, spec: RenditionSpec, fps: float, seconds: float) -> None:
        """Demand without a viewer, for `seconds` from now (somebody polls single pictures)."""
        self._audience.holds.add((fps, spec), seconds)
        self.last_used = time.monotonic()
        self.demand_changed()

    def demand(self) -> Demand | None:
        """What all viewers together ask for now."""
        return self._audience.demand()

    def slow(self, to: float | None) -> None:
        """The capture budget leaves fewer pictures a second than viewers would see; None: it does not."""
        if to != self.slowed_to:
            self.slowed_to = to
            self._on_change(self)

    def demand_changed(self) -> None:
        """Somebody came, went or wants something else."""
        now = self._audience.follow()
        if not self.may_point:
            self.point(None)
        self.capture.follow(now)
        self.refresh_state()

    @property
    def closed(self) -> bool:
        """Whether it was removed from the hub."""
        return self._closed

    @property
    def viewers(self) -> int:
        """How many watch."""
        return len(self._audience.viewers)

    @property
    def subscriptions(self) -> tuple[Subscription, ...]:
        """Who watches."""
        return tuple(self._audience.viewers)

    @property
    def busy(self) -> bool:
        """Whether anybody wants pictures."""
        return self._audience.busy

    def over(self, now: float, kept: float) -> bool:
        """Whether nobody will miss it: unwatched for `kept` seconds, and ended, never fed or transient."""
        silent = self.cadence is not None and self.cadence.over(now)
        fed = self.capture.source is not None or (self._truth.pushed and not silent) or self.owned
        ended = self.transient or self._truth.gone is not None or not fed
        return ended and not self.busy and now - max(self.last_used, self._truth.confirmed_at) > kept

    @property
    def gone(self) -> bool:
        """Whether the source has ended for good."""
        return self._truth.gone is not None

    async def ended(self) -> str:
        """Wait until the source has ended for good; says why."""
        await self._ended.wait()
        return self._truth.gone or "it has ended"

    async def until(self, good_enough: Callable[[Stream], bool]) -> None:
        """Wait until something holds, looking at every picture and change of state; not at all when no picture can come."""
        while not good_enough(self) and not self.gone and (self._truth.pushed or self.capture.source is not None):
            self._news.clear()
            await self._news.wait()

    @property
    def large_enough(self) -> bool:
        """Whether the newest frame was made for the present demand, not for a smaller one before it."""
        raw = self._latest is not None and self._latest.picture.encoding is Encoding.RAW
        return self._truth.pushed or raw or self._truth.confirmed_at > self._audience.asked_at

    @property
    def fresh(self) -> bool:
        """Whether the newest frame was captured, or confirmed, since the running capture began."""
        return self._truth.fresh and (self.capture.running or self._truth.pushed) and self._latest is not None

    # --- honest state -----------------------------------------------------------------------------

    @property
    def state(self) -> State:
        """What a viewer may believe about the newest picture."""
        return self._state

    @property
    def pushed(self) -> bool:
        """Whether its pictures come without being asked for."""
        return self._truth.pushed

    @property
    def cadence(self) -> Cadence | None:
        """The rhythm of a producer that sends each picture by a request of its own; None: it is not fed so."""
        return self._truth.cadence

    @property
    def reason(self) -> str | None:
        """Why, for a person; only where the state needs one."""
        return self._truth.reason(self._state, time.monotonic())

    def refresh_state(self) -> None:
        """Work out the state; called on every event and by the hub's clock, which makes `live` into `static`."""
        now = time.monotonic()
        before, state = self._state, self._truth.state(now, capturing=self.capture.running)
        if state is not before:
            self._news.set()
            self._state = state
            self.state_since = time.time_ns()
            if state in (State.IDLE, State.RECONNECTING, State.GONE):
                self.point(None)
            if state is State.STATIC and self._latest is not None:
                self.state_since = self._latest.picture.captured_at
        status, last_at = (None, 0) if self.cadence is None else (self.cadence.status(now), self.cadence.last_at)
        told_status, told_at = self._beat
        if state is not before or status is not told_status or abs(last_at - told_at) >= BEAT_TOLD:
            self._beat = (status, last_at)
            self._on_change(self)

    # --- renditions -------------------------------------------------------------------------------

    def swap_rendition(self, old: Rendition, spec: RenditionSpec) -> Rendition:
        """One viewer changes from `old` to what `spec` says."""
        self._renditions.release(old.spec)
        return self._renditions.use(spec)

    @property
    def encodes(self) -> int:
        """Pictures encoded by the renditions that are in use."""
        return self._renditions.encodes
