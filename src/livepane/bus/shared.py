"""Our streams, as other nodes see them: announced when something changes, published while a lease from elsewhere lives."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import partial

from livepane.bus.fit import fit_demand
from livepane.bus.names import cluster_name, home_of, local_name
from livepane.domain.bus import ACTIONS_TOLD, LEASE_LIFE, Bus, Lease, Order, Parcel, StreamRecord
from livepane.domain.demand import RenditionSpec, merge
from livepane.domain.errors import LivepaneError, SourceGone
from livepane.domain.frame import Frame
from livepane.domain.stream import Kind, State, StreamId
from livepane.hub.hub import Hub
from livepane.hub.stream import Stream
from livepane.hub.subscription import Subscription

log = logging.getLogger(__name__)

_AGAIN = 1.0  # seconds: a picture that was published so lately is still on its way to whoever says that it lacks it
_REFUSAL_KEPT = 30.0  # seconds that others are told why something could not be opened
_AS_IT_IS = RenditionSpec(encoding=None)


@dataclass(slots=True)
class Way:
    """One of our streams on its way to other nodes."""

    stream: Stream
    name: str  # in the whole cluster
    told: StreamRecord | None = None
    leases: dict[str, tuple[Lease, float]] = field(default_factory=dict)  # by node, and when it ends (monotonic)
    pictures: Subscription | None = None
    leave: ExitStack = field(default_factory=ExitStack)
    sent: Order | None = None
    sent_at: float = 0.0  # monotonic


def is_ours(stream: Stream) -> bool:
    """Whether a stream of our hub is one that we show; not what stands in for a job, or keeps a place for a producer."""
    if stream.node is not None:
        return False
    if stream.id.kind is Kind.JOB:
        return stream.owned
    return stream.listed or (stream.busy and stream.opened)


class Shared:
    """All of them."""

    def __init__(self, hub: Hub, bus: Bus, node: str, life: str) -> None:
        self._hub, self._bus, self._node, self._life = hub, bus, node, life
        self._ways: dict[str, Way] = {}  # by their name in the cluster
        self._opening: dict[str, asyncio.Task[None]] = {}
        self._waiting: dict[str, dict[str, Lease]] = {}  # for what is being opened
        self._refused: dict[str, float] = {}  # what could not be opened, until when that is told
        self.quiet = False  # say nothing: the name of this node is not ours, or not yet
        self.relaying: Callable[[], bool] = lambda: False  # whether the picture that is being put came from elsewhere

    @property
    def leases(self) -> int:
        """How many other nodes have now."""
        return sum(len(way.leases) for way in self._ways.values())

    def has(self, name: str) -> bool:
        """Whether we have a stream of this name."""
        return name in self._ways

    def find(self, name: str) -> Stream | None:
        """Our stream of this name."""
        way = self._ways.get(name)
        return None if way is None else way.stream

    def tell(self, name: str) -> None:
        """Announce a stream once more, if we have it."""
        way = self._ways.get(name)
        if way is not None:
            self._tell(way, newest=True)

    async def close(self) -> None:
        """Everything of ours is over."""
        for task in self._opening.values():
            task.cancel()
        if self._opening:
            await asyncio.wait(self._opening.values())
        for name in [*self._ways, *self._refused]:
            self._drop(name)

    # --- what others are told -----------------------------------------------------------------------

    def look(self, stream_id: str) -> None:
        """Something of a stream of the hub has (perhaps) changed."""
        stream = self._hub.find(stream_id)
        if stream is None or not is_ours(stream):
            if (name := cluster_name(StreamId.parse(stream_id), self._node)) in self._ways:
                self._drop(name)
            return
        name = cluster_name(stream.id, self._node)
        way = self._ways.get(name)
        if way is not None and way.stream is not stream:
            self._drop(name)
            way = None
        if way is None:
            if stream.gone:
                return
            way = self._ways[name] = Way(stream, name)
            self._refused.pop(name, None)
        stream.on_frame = partial(self._pushed, way) if stream.pushed else None
        self._tell(way)
        self._follow(way)
        if stream.pushed and (frame := stream.newest_or_none()) is not None and frame.order != way.sent:
            self._send(way, frame)  # it came before we knew that it is pushed

    def tell_all(self) -> None:
        """Announce everything once more."""
        for way in self._ways.values():
            way.told = way.sent = None
            if way.pictures is not None:
                way.pictures.again()
        for stream in self._hub.all():
            self.look(str(stream.id))

    def _tell(self, way: Way, *, newest: bool = False) -> None:
        record = self._record(way)
        if way.told is not None and not newest and replace(record, newest=way.told.newest) == way.told:
            return
        way.told = record
        if not self.quiet:
            self._bus.announce(record)

    def _record(self, way: Way) -> StreamRecord:
        stream, frame = way.stream, way.stream.newest_or_none()
        state = State.LIVE if stream.state is State.STATIC else stream.state  # whoever has the picture knows whether it changes
        return StreamRecord(
            node=self._node,
            life=self._life,
            stream=way.name,
            title=stream.title,
            state=state,
            url=stream.url,
            reason=stream.reason,
            masked=stream.masked,
            width=frame.picture.width if frame else None,
            height=frame.picture.height if frame else None,
            pushed=stream.pushed,
            every=None if stream.cadence is None else stream.cadence.promised,
            requested=stream.cadence is not None,
            fed_at=0 if stream.cadence is None else stream.cadence.last_at,
            plugged=stream.pushed or stream.capture.source is not None,
            listed=stream.listed,
            newest=frame.order if frame else None,
            actions=tuple(stream.actions)[-ACTIONS_TOLD:],
            action_count=stream.action_count,
            spot=stream.spot,
            closable=stream.can_close,
            fed_since=0 if stream.seat is None else stream.seat.since,
        )

    def _drop(self, name: str) -> None:
        way = self._ways.pop(name, None)
        self._refused.pop(name, None)
        if way is not None:
            way.leave.close()
            if way.stream.node is None:
                way.stream.on_frame = None
        if not self.quiet:
            self._bus.withdraw(name)

    # --- what others want ---------------------------------------------------------------------------

    def lease(self, lease: Lease, now: float) -> None:
        """A node wants pictures of something, perhaps of ours."""
        way = self._ways.get(lease.stream)
        if way is None:
            self._open(lease)
            return
        lease = replace(lease, demand=fit_demand(lease.demand))
        before = way.leases.get(lease.node)
        way.leases[lease.node] = (lease, now + LEASE_LIFE)
        joined = way.pictures is None
        if before is None or before[0].demand != lease.demand:
            self._follow(way)
        self._answer(way, lease, now, joined=joined and way.pictures is not None)

    def release(self, node: str, name: str) -> None:
        """It does not any more."""
        self._waiting.get(name, {}).pop(node, None)
        way = self._ways.get(name)
        if way is not None and way.leases.pop(node, None) is not None:
            self._follow(way)

    def release_all(self, node: str) -> None:
        """A node has gone."""
        for name in list(self._ways):
            self.release(node, name)

    def step(self, now: float) -> None:
        """Leases end that were not renewed."""
        for way in self._ways.values():
            for node in [node for node, (_, until) in way.leases.items() if until < now]:
                del way.leases[node]
                self._follow(way)
        for name in [name for name, until in self._refused.items() if until < now]:
            self._drop(name)

    def _follow(self, way: Way) -> None:
        """Watch our own stream as other nodes together want it. What is pushed comes without that."""
        stream = way.stream
        demands = [lease.demand for lease, _ in way.leases.values()]
        wishes = [(one.fps, RenditionSpec(None, one.quality, one.width, one.height)) for one in demands]
        wanted = merge(wishes, highlight=any(one.highlight for one in demands))
        if wanted is None or stream.pushed or stream.gone:
            way.pictures = None
            way.leave.close()
            return
        spec = RenditionSpec(None, wanted.quality, wanted.width, wanted.height)
        if way.pictures is None:
            pictures = way.leave.enter_context(stream.subscribe(spec, wanted.fps, wanted.highlight))
            way.pictures = pictures
            pictures.on_news = lambda: self._news(way, pictures)
            pictures.on_point = lambda: self._tell(way)
            self._news(way, pictures)
        elif (way.pictures.spec, way.pictures.fps, way.pictures.highlight) != (spec, wanted.fps, wanted.highlight):
            way.pictures.update(fps=wanted.fps, spec=spec, highlight=wanted.highlight)

    def _answer(self, way: Way, lease: Lease, now: float, *, joined: bool) -> None:
        """Whoever lacks the newest picture gets it at once; whoever has it learns whether it is true."""
        frame = way.stream.newest_or_none()
        if frame is None or joined:
            return
        if lease.have is not None and lease.have >= frame.order:
            if way.told is None or way.told.newest != frame.order:
                self._tell(way, newest=True)
        elif lease.have is None or now - way.sent_at > _AGAIN:
            if way.pictures is not None:
                way.pictures.again()
            elif way.stream.pushed:
                self._send(way, frame)

    # --- pictures -----------------------------------------------------------------------------------

    def _news(self, way: Way, pictures: Subscription) -> None:
        try:
            encoded = pictures.poll()
        except SourceGone:
            return  # the hub says so, too
        if encoded is not None:
            self._send(way, encoded.frame)

    def _pushed(self, way: Way, frame: Frame) -> None:
        """A picture was pushed. One like that before it is a sign of life, which need not be given often."""
        if self.relaying():
            return
        if frame.order != way.sent or time.monotonic() - way.sent_at > _AGAIN:
            self._send(way, frame)

    def _send(self, way: Way, frame: Frame) -> None:
        if self.quiet:
            return
        way.sent, way.sent_at = frame.order, time.monotonic()
        self._bus.publish(Parcel(way.name, frame, self._node, time.time_ns(), way.stream.fresh))

    # --- what opens when somebody names it -----------------------------------------------------------

    def _open(self, lease: Lease) -> None:
        """Somebody elsewhere has named a window or monitor of ours."""
        name = lease.stream
        try:
            stream_id = StreamId.parse(name)
        except LivepaneError:
            return
        if home_of(stream_id) != self._node or self.quiet or name in self._refused:
            return
        self._waiting.setdefault(name, {})[lease.node] = lease
        if name not in self._opening:
            loop = asyncio.get_running_loop()
            self._opening[name] = loop.create_task(self._opened(name), name=f"open {name} for another node")

    async def _opened(self, name: str) -> None:
        try:
            stream = await self._hub.open(local_name(name, self._node))
            self.look(str(stream.id))
        except LivepaneError as error:
            self._refuse(name, error.message)
        except Exception:
            log.exception("%s could not be opened", name)
            self._refuse(name, "it could not be opened")
        finally:
            del self._opening[name]
            for lease in self._waiting.pop(name, {}).values():
                if name in self._ways:
                    self.lease(lease, time.monotonic())

    def _refuse(self, name: str, reason: str) -> None:
        self._refused[name] = time.monotonic() + _REFUSAL_KEPT
        if not self.quiet:
            self._bus.announce(StreamRecord(self._node, self._life, name, name, State.GONE, reason=reason, listed=False))
