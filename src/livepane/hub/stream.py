"""One live view: the newest frame, everyone watching it, and the capture that runs while somebody does."""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager

from livepane.domain.demand import Demand, RenditionSpec, merge
from livepane.domain.errors import SourceGone
from livepane.domain.frame import Encoding, Frame, Picture
from livepane.domain.ports import Source
from livepane.domain.stream import Action, State, StreamId
from livepane.hub.capture import Capture
from livepane.hub.rendition import Rendition
from livepane.hub.subscription import Subscription

log = logging.getLogger(__name__)

STATIC_AFTER = 2.0  # seconds without a change until a picture is called static
SILENT_AFTER = 10.0  # seconds without a word from a producer that takes no demand until its picture is called doubtful
ACTIONS_KEPT = 200
_EPOCH_START = 1_577_836_800  # 2020-01-01: epochs are seconds since then, so that they grow over restarts and fit 32 bits


class Stream:
    """The sink of one source and the tap of many viewers. Belongs to one event loop."""

    def __init__(
        self,
        stream_id: StreamId,
        source: Source | None,
        *,
        title: str,
        executor: Executor,
        grace: float,
        on_change: Callable[[Stream], None],
        url: str | None = None,
        can_close: bool = False,
        listed: bool = True,
        transient: bool = False,
    ) -> None:
        self.id = stream_id
        self.session = secrets.token_hex(8)  # this life of the stream, for clients that want a session id
        self.title, self.url, self.masked = title, url, False
        self.can_close = can_close
        self.transient = transient  # opened because somebody named it: goes when nobody has watched for a while
        self.listed = listed  # False: a place kept for a producer that viewers wait for
        self.actions: deque[Action] = deque(maxlen=ACTIONS_KEPT)
        self.action_count = 0
        self.captures = 0  # pictures that were put, also those that were equal to the newest
        self.state_since = time.time_ns()
        self.last_used = time.monotonic()
        self._executor = executor
        self._on_change = on_change
        self._latest: Frame | None = None
        self._epoch, self._seq = 0, 0
        self._changed_at = 0.0  # monotonic: when the picture last changed, and when it was last confirmed
        self._confirmed_at = 0.0
        self._fresh = False  # a picture has come since the capture started
        self._hidden: str | None = None
        self._lost: str | None = None
        self._gone: str | None = None
        self._ended = asyncio.Event()  # set while it is gone
        self._state = State.IDLE
        self._viewers: set[Subscription] = set()
        self._holds: dict[tuple[float, RenditionSpec], asyncio.TimerHandle] = {}
        self._renditions: dict[RenditionSpec, tuple[Rendition, int]] = {}
        self._capture = Capture(self, grace=grace)
        self._capture.source = source
        self._spent: list[Source] = []  # have ended by themselves and are still to be closed
        self._pushed = False  # a producer that takes no demand is feeding us
        self._closed = False
        self._demanded: Demand | None = None
        self._asked_at = 0.0  # monotonic: when a larger or better picture than before was last asked for
        self._news = asyncio.Event()  # for those who wait for a first picture
        self.new_epoch()

    # --- what the source side calls (FrameSink) ---------------------------------------------------

    def put(self, picture: Picture) -> None:
        """Take a picture. One that is equal to the newest only confirms that it is still true."""
        now = time.monotonic()
        self.captures += 1
        self._confirmed_at = now
        self._fresh, self._hidden, self._lost = True, None, None
        newest = self._latest
        if newest is None or newest.epoch != self._epoch or not _equal(newest.picture, picture):
            self._seq += 1
            self._latest = Frame(self._epoch, self._seq, picture)
            if newest is None or (newest.picture.width, newest.picture.height) != (picture.width, picture.height):
                self._on_change(self)
            self._changed_at = now
            for viewer in tuple(self._viewers):
                self._notify(viewer)
        self._news.set()
        if self._state is not State.LIVE or newest is None:
            self.refresh_state()

    def _notify(self, viewer: Subscription) -> None:
        try:
            viewer.notify()
        except Exception:  # it sends in this very call: its trouble must reach neither the source nor the others
            log.exception("%s: a viewer could not take a picture", self.id)

    def visible(self) -> None:
        """The source draws (again), and capture is healthy."""
        self._hidden = self._lost = None
        self._confirmed_at = time.monotonic()
        self.refresh_state()

    def hidden(self, reason: str) -> None:
        """The source is there and draws nothing."""
        self._hidden = reason
        self.refresh_state()

    def describe(self, *, title: str | None = None, url: str | None = None, masked: bool | None = None) -> None:
        """Say what is shown; None leaves a field as it is."""
        before = (self.title, self.url, self.masked)
        self.title = self.title if title is None else title[:500]
        self.url = self.url if url is None else url[:8192]
        self.masked = self.masked if masked is None else masked
        if (self.title, self.url, self.masked) != before:
            self._on_change(self)

    def action(self, action: Action) -> None:
        """A named moment."""
        self.actions.append(action)
        self.action_count += 1
        self._on_change(self)

    # --- the life of the source -------------------------------------------------------------------

    def attach(self, source: Source | None, *, pushed: bool = False) -> None:
        """A source (again). Without demand of its own (`pushed`), pictures simply arrive by `put`."""
        self._gone = self._lost = self._hidden = None
        self._ended.clear()
        self._pushed, self._fresh, self.listed = pushed, False, True
        self._confirmed_at = time.monotonic()
        self.new_epoch()
        self._capture.source = source
        self.demand_changed()
        self.refresh_state()

    def lose(self, reason: str) -> None:
        """The source is away and may come back; what viewers have may be old."""
        self._lost = reason
        self.refresh_state()

    def detach(self, reason: str) -> None:
        """The producer has left; viewers stay, and go on when it comes back."""
        self._pushed = False
        self._capture.source = None
        self._capture.stop_now()
        self.lose(reason)

    def end(self, reason: str) -> None:
        """The source has ended for good."""
        self._gone = reason
        self._ended.set()
        if self._capture.source is not None:
            self._spent.append(self._capture.source)
        self._capture.source = None
        self._capture.stop_now()
        self.refresh_state()

    def new_capture(self) -> None:
        """Capture starts: what we have is not known to be true any more until a picture comes."""
        self._fresh = False
        self._hidden = None
        self.refresh_state()

    def rest(self) -> None:
        """Capture has stopped because nobody watches: nobody tries to get a lost source back either."""
        self._lost = None
        self.refresh_state()

    def new_epoch(self) -> None:
        """A new life of the source: what comes now supersedes everything before."""
        self._epoch = max(self._epoch + 1, int(time.time()) - _EPOCH_START)
        self._seq = 0
        self._fresh = False

    async def close(self) -> None:
        """End capture, let go of the source, wake every viewer (they get SourceGone)."""
        self.end(self._gone or "closed")
        self._closed = True
        for hold in self._holds.values():
            hold.cancel()
        self._holds.clear()
        for viewer in tuple(self._viewers):
            self._notify(viewer)
        await self.release()

    async def release(self) -> None:
        """Close the sources that have ended."""
        await self._capture.finished()
        while self._spent:
            await self._spent.pop().close()

    # --- what the viewer side calls ---------------------------------------------------------------

    def newest(self) -> Frame | None:
        """The newest frame, of any age.

        Raises:
            SourceGone: the stream was removed.
        """
        if self._closed:
            raise SourceGone(f"stream {self.id} has ended: {self._gone}")
        return self._latest

    def newest_or_none(self) -> Frame | None:
        """The newest frame, of any age and whatever became of the stream."""
        return self._latest

    @contextmanager
    def subscribe(self, spec: RenditionSpec | None = None, fps: float = 10.0) -> Iterator[Subscription]:
        """Watch: capture runs inside the block (and for the grace time after the last one leaves)."""
        viewer = Subscription(self, self._rendition(spec or RenditionSpec()), fps)
        self._viewers.add(viewer)
        self.demand_changed()
        self._on_change(self)
        try:
            yield viewer
        finally:
            self._viewers.discard(viewer)
            viewer.leave()
            self._release(viewer.spec)
            self.last_used = time.monotonic()
            self.demand_changed()
            self._on_change(self)

    def hold(self, spec: RenditionSpec, fps: float, seconds: float) -> None:
        """Demand without a viewer, for `seconds` from now (somebody polls single pictures)."""
        key = (fps, spec)
        if (old := self._holds.pop(key, None)) is not None:
            old.cancel()
        self._holds[key] = asyncio.get_running_loop().call_later(seconds, self._drop_hold, key)
        self.last_used = time.monotonic()
        self.demand_changed()

    def _drop_hold(self, key: tuple[float, RenditionSpec]) -> None:
        self._holds.pop(key, None)
        self.demand_changed()

    def demand(self) -> Demand | None:
        """What all viewers together ask for now."""
        return merge([(viewer.fps, viewer.spec) for viewer in self._viewers] + list(self._holds))

    def demand_changed(self) -> None:
        """Somebody came, went or wants something else."""
        before, now = self._demanded, self.demand()
        if now is not None and now.exceeds(before):
            self._asked_at = time.monotonic()
        self._demanded = now
        self._capture.follow(now)
        self.refresh_state()

    @property
    def closed(self) -> bool:
        """Whether it was removed from the hub."""
        return self._closed

    @property
    def viewers(self) -> int:
        """How many watch."""
        return len(self._viewers)

    @property
    def busy(self) -> bool:
        """Whether anybody wants pictures."""
        return bool(self._viewers or self._holds)

    def over(self, now: float, kept: float) -> bool:
        """Whether nobody will miss it: unwatched for `kept` seconds, and ended, never fed or transient."""
        ended = self.transient or self._gone is not None or (self._capture.source is None and not self._pushed)
        return ended and not self.busy and now - max(self.last_used, self._confirmed_at) > kept

    @property
    def gone(self) -> bool:
        """Whether the source has ended for good."""
        return self._gone is not None

    async def ended(self) -> str:
        """Wait until the source has ended for good; says why."""
        await self._ended.wait()
        return self._gone or "it has ended"

    async def until(self, good_enough: Callable[[Stream], bool]) -> None:
        """Wait until something holds, looking whenever a picture comes or the state changes.

        Returns at once when no picture can come.
        """
        while not good_enough(self) and not self.gone and (self._pushed or self._capture.source is not None):
            self._news.clear()
            await self._news.wait()

    @property
    def large_enough(self) -> bool:
        """Whether the newest frame was made for the present demand, not for a smaller one before it."""
        raw = self._latest is not None and self._latest.picture.encoding is Encoding.RAW
        return self._pushed or raw or self._confirmed_at > self._asked_at

    @property
    def fresh(self) -> bool:
        """Whether the newest frame was captured, or confirmed, since the running capture began."""
        return self._fresh and (self._capture.running or self._pushed) and self._latest is not None

    # --- honest state -----------------------------------------------------------------------------

    @property
    def state(self) -> State:
        """What a viewer may believe about the newest picture."""
        return self._state

    @property
    def reason(self) -> str | None:
        """Why, for a person; only where the state needs one."""
        match self._state:
            case State.GONE:
                return self._gone
            case State.RECONNECTING:
                return self._lost or "the producer is connected and sends nothing"
            case State.HIDDEN:
                return self._hidden
            case _:
                return None

    def refresh_state(self) -> None:
        """Work out the state; called on every event and by the hub's clock, which makes `live` into `static`."""
        state = self._work_out(time.monotonic())
        if state is not self._state:
            self._news.set()
            self._state = state
            self.state_since = time.time_ns()
            if state is State.STATIC and self._latest is not None:
                self.state_since = self._latest.picture.captured_at
            self._on_change(self)

    def _work_out(self, now: float) -> State:
        if self._gone is not None:
            return State.GONE
        if self._lost is not None:
            return State.RECONNECTING
        if self._pushed:
            if not self._fresh:
                return State.STARTING
            if now - self._confirmed_at > SILENT_AFTER:
                return State.RECONNECTING
        elif not self._capture.running:
            return State.IDLE
        if self._hidden is not None:
            return State.HIDDEN
        if not self._fresh:
            return State.STARTING
        return State.LIVE if now - self._changed_at < STATIC_AFTER else State.STATIC

    # --- renditions -------------------------------------------------------------------------------

    def _rendition(self, spec: RenditionSpec) -> Rendition:
        rendition, users = self._renditions.get(spec) or (Rendition(spec, self.session, self._executor), 0)
        self._renditions[spec] = (rendition, users + 1)
        return rendition

    def _release(self, spec: RenditionSpec) -> None:
        rendition, users = self._renditions.pop(spec)
        if users > 1:
            self._renditions[spec] = (rendition, users - 1)

    def swap_rendition(self, old: Rendition, spec: RenditionSpec) -> Rendition:
        """One viewer changes from `old` to what `spec` says."""
        self._release(old.spec)
        return self._rendition(spec)

    @property
    def encodes(self) -> int:
        """Pictures encoded by the renditions that are in use."""
        return sum(rendition.encodes for rendition, _ in self._renditions.values())


def _equal(one: Picture, other: Picture) -> bool:
    return one.encoding is other.encoding and one.width == other.width and one.height == other.height and one.data == other.data
