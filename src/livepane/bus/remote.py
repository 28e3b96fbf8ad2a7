"""Streams of other nodes in our hub: ordinary ones, whose source only says what is wanted."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import replace

from livepane.bus.claims import Claims
from livepane.bus.fit import fit_action, fit_moment, fit_seconds, fit_spot, whatever_it_is
from livepane.bus.names import BOUND
from livepane.bus.peers import Peers
from livepane.bus.shared import is_ours
from livepane.bus.shown import NOBODY, Shown, left
from livepane.domain.bus import Bus, Lease, Order, Parcel, StreamRecord
from livepane.domain.demand import FPS_RANGE, Demand
from livepane.domain.errors import LivepaneError
from livepane.domain.frame import Picture
from livepane.domain.stream import Kind, State, StreamId
from livepane.hub.cadence import Cadence
from livepane.hub.elsewhere import SourceElsewhere
from livepane.hub.hub import Hub
from livepane.hub.ledger import Ages
from livepane.hub.stream import Stream

log = logging.getLogger(__name__)


class Remote:
    """All of them. `away` says why nothing can be heard at all, or None."""

    def __init__(self, hub: Hub, bus: Bus, node: str, peers: Peers, *, kept: float, foreign: int) -> None:
        """`kept`: seconds without a picture after which the stream of a writer that is no node ends; `foreign`: how many."""
        self._hub, self._bus, self._node, self._peers = hub, bus, node, peers
        self._kept, self._foreign = kept, foreign
        self.claims = Claims(peers)
        self.contend: Callable[[Stream], object] = lambda _: None  # is given streams of ours that others may have, too
        self._shown: dict[str, Shown] = {}
        # Streams of ours that requests feed at other nodes, too, and the newest picture from there.
        self._common: dict[str, Order | None] = {}
        self.away: str | None = None
        self.late = 0  # pictures that were older than one that we have
        self.unknown = 0  # pictures of streams that nobody has announced
        self.ages = Ages()  # of pictures when they arrived, from their capture
        self.on_end: Callable[[Stream], object] = lambda _: None  # is given what ends, with its last picture
        self.relaying = False  # a picture of somebody else is being put, also into a stream that we share with others

    @property
    def leases(self) -> int:
        """How many we have with other nodes."""
        return sum(shown.demand is not None for shown in self._shown.values())

    @property
    def streams(self) -> int:
        """How many we show."""
        return len(self._shown)

    # --- what is said of streams ----------------------------------------------------------------------

    def said(self, node: str, name: str, record: StreamRecord | None) -> None:
        """A node has said something of its stream."""
        if self.claims.take(node, name, record):
            self.resolve(name)

    def node_changed(self, node: str) -> None:
        """A node has come, become silent, come back or gone."""
        self._resolve_all(self.claims.of(node))
        self._resolve_all([name for name, shown in self._shown.items() if shown.node == node])

    def forget(self, node: str) -> None:
        """A node has gone: what it said means nothing any more."""
        for name in self.claims.of(node):
            with whatever_it_is("word", name):
                self.said(node, name, None)
        self.node_changed(node)

    def link_changed(self, away: str | None) -> None:
        """Nothing can be heard any more, because of `away`, or all can be heard again."""
        self.away = away
        self._resolve_all(list(self._shown))

    def look(self, stream_id: str) -> None:
        """Something of a stream of the hub has changed: it may have become ours, or have gone, or be ours no more."""
        shown, stream = self._shown.get(stream_id), self._hub.find(stream_id)
        if shown is not None and (stream is not shown.stream or stream.node != shown.node):
            self._ask(stream_id, shown, None)
            del self._shown[stream_id]
            shown = None
        if shown is None and stream_id in self.claims:
            self.resolve(stream_id)

    def _resolve_all(self, names: Iterable[str]) -> None:
        for name in names:
            with whatever_it_is("word", name):
                self.resolve(name)

    def resolve(self, name: str) -> None:
        """See that the hub shows what is the best claim to this name now."""
        shown, stream = self._shown.get(name), self._hub.find(name)
        record = self.claims.best(name, None if shown is None else shown.node)
        if stream is not None and is_ours(stream) and not stream.gone and not (left(stream) and record and record.plugged):
            self._feed_in_common(name, stream.cadence is not None and record is not None and record.requested)
            self.contend(stream)
            return  # we have one of this name ourselves
        self._feed_in_common(name, False)
        if record is None:
            if shown is not None and shown.node != NOBODY:
                self._lost(name, shown)
            return
        if shown is None or shown.node != record.node or shown.life != record.life or shown.stream is not stream:
            if record.state is State.GONE and (stream is None or shown is None):
                return  # over before we heard of it
            shown = self._take(name, record, stream)
            if shown is None:
                return
        self._apply(shown, record)

    def _feed_in_common(self, name: str, common: bool) -> None:
        """Requests may bring the pictures of one source to any node: each wants those that the others got."""
        if common == (name in self._common):
            return
        if common:
            self._common[name] = None
            self._want_common(name)
        else:
            del self._common[name]
            if name not in self._shown or self._shown[name].demand is None:
                self._bus.release(name)

    def _want_common(self, name: str) -> None:
        self._bus.lease(Lease(self._node, name, Demand(FPS_RANGE[0]), time.time_ns(), self._common[name]))

    # --- from a record to a stream --------------------------------------------------------------------

    def _take(self, name: str, record: StreamRecord, stream: Stream | None) -> Shown | None:
        """A stream of the hub that is theirs from now on."""
        if stream is None:
            try:
                stream = self._hub.add(StreamId.parse(name), None, title=record.title, owned=True)
            except LivepaneError as error:
                log.warning("a stream of node %s is left out: %s", record.node, error)
                return None
        stream.transient = False
        shown = self._shown[name] = Shown(stream, record.node, record.life)
        self._plug(name, shown, record)
        return shown

    def _plug(self, name: str, shown: Shown, record: StreamRecord | None) -> None:
        source = SourceElsewhere(lambda demand: self._ask(name, shown, demand))
        cadence = Cadence(self._kept) if record is not None and record.requested else None
        shown.stream.owned = record is not None
        # What is pushed there comes here when somebody asks, as everything else: a bus need not carry it to all nodes.
        shown.stream.attach(source, cadence=cadence, node=shown.node)
        if record is not None:
            self._fed(shown, record)

    def place(self, stream_id: StreamId, node: str) -> Stream:
        """A place for a stream that a node will open when it hears that somebody wants it."""
        name = str(stream_id)
        stream = self._hub.find(name) or self._hub.add(stream_id, None, title=name, transient=True)
        stream.opened = True
        shown = self._shown[name] = Shown(stream, node)
        self._plug(name, shown, None)
        return stream

    def _apply(self, shown: Shown, record: StreamRecord) -> None:
        stream, before = shown.stream, shown.record
        shown.record = record
        stream.can_close = record.closable
        again = stream.gone and record.state is not State.GONE
        if again or (before is not None and before.requested != record.requested and record.plugged):
            self._plug(record.stream, shown, record)
        elif before is not None and before.fed_at != record.fed_at:
            self._fed(shown, record)
        machine = f" ({record.node})" if stream.id.kind in BOUND else ""  # there is one of it on each
        stream.describe(title=record.title + machine, url=record.url, masked=record.masked)
        self._actions(shown, record)
        stream.point(fit_spot(record.spot))
        self._state(shown, record)
        if stream.listed != record.listed:
            stream.listed = record.listed
            stream.demand_changed()

    def _actions(self, shown: Shown, record: StreamRecord) -> None:
        missed = record.action_count if shown.actions is None else record.action_count - shown.actions
        if shown.actions is None and shown.stream.actions and record.actions:
            # Somebody else has told of it until now, such as the journal of a job: what it does now is enough.
            newest, known = record.actions[-1], shown.stream.actions[-1]
            missed = int((newest.label, newest.selector) != (known.label, known.selector))
        shown.actions = record.action_count
        for action in record.actions[-missed:] if missed > 0 else ():
            shown.stream.action(fit_action(action, self._peers.ours(record.node, action.at)))

    def _state(self, shown: Shown, record: StreamRecord) -> None:
        """What a viewer may believe: what the owner says, as long as we hear it."""
        stream, peer = shown.stream, self._peers.find(record.node)
        if record.state is State.GONE:
            if not stream.gone:
                self._end(shown, record.reason or "it has ended")
            return
        shown.missed = shown.missed or self.away is not None or peer is None or peer.silent
        if self.away is not None:
            stream.lose(self.away)
        elif peer is None or peer.silent:
            stream.lose(f"node {record.node!r} is not heard any more")
        elif not record.plugged:
            if record.state is State.RECONNECTING:
                stream.detach(record.reason or "its producer has left")
            else:
                stream.unplug(record.reason or "there is nothing to see for now")
        else:
            if stream.capture.source is None:
                self._plug(record.stream, shown, record)
            match record.state:
                case State.RECONNECTING:
                    stream.lose(record.reason or "its owner has lost the source")
                case State.HIDDEN:
                    if stream.state is State.RECONNECTING:
                        stream.visible()
                    stream.hidden(record.reason or "not visible at its source")
                case _:
                    if stream.state in (State.HIDDEN, State.RECONNECTING):
                        stream.visible()
                    self._confirm(shown, record)

    def _confirm(self, shown: Shown, record: StreamRecord) -> None:
        """The owner says that its newest picture is true now; if that is the one that we have, so is ours."""
        frame = shown.stream.newest_or_none()
        same = record.newest is not None and record.newest == shown.order
        if frame is not None and shown.demand is not None and same and record.state is State.LIVE:
            self._put(shown.stream, frame.picture)

    def _lost(self, name: str, shown: Shown) -> None:
        """Nobody says any more that there is such a stream."""
        del self._shown[name]
        self._ask(name, shown, None)
        stream = shown.stream
        stream.owned = False
        if stream.gone or stream.closed:
            return
        if stream.id.kind is Kind.PRODUCER:
            stream.detach("its producer has left")  # who watches a producer waits until it comes back
            stream.node = None
        else:
            gone = self._peers.find(shown.node) is None
            self._end(shown, f"node {shown.node!r} has gone" if gone else "it has ended")

    def _end(self, shown: Shown, reason: str) -> None:
        shown.stream.owned = False
        self.on_end(shown.stream)
        shown.stream.end(reason)

    # --- demand -----------------------------------------------------------------------------------------

    def _ask(self, name: str, shown: Shown, demand: Demand | None) -> None:
        """Ask the owner for pictures, or for no more."""
        before, shown.demand = shown.demand, demand
        if self._shown.get(name) is not shown and demand is not None:
            return
        if demand is not None:
            self._lease(name, shown, demand)
            if before is None and shown.record is not None:
                self._state(shown, shown.record)  # the capture that has begun knows nothing of it yet
        elif before is not None:
            self._bus.release(name)

    def _lease(self, name: str, shown: Shown, demand: Demand) -> None:
        if shown.node != NOBODY:
            have = None if shown.missed or shown.stream.newest_or_none() is None else shown.order
            self._bus.lease(Lease(self._node, name, demand, time.time_ns(), have))
            shown.missed = shown.missed and self.away is not None

    def renew(self) -> None:
        """Say once more what we want."""
        for name, shown in self._shown.items():
            if shown.demand is not None:
                self._lease(name, shown, shown.demand)
        for name in self._common:
            self._want_common(name)

    # --- pictures -----------------------------------------------------------------------------------------

    def frame(self, parcel: Parcel, arrived: int) -> None:
        """A picture has come. `arrived`: ns since the Unix epoch."""
        shown = self._shown.get(parcel.stream)
        if shown is None:
            self._stray(parcel, arrived)
            return
        if parcel.node != shown.node and shown.node != NOBODY:
            if shown.stream.cadence is not None and shown.record is not None and shown.record.requested:
                self._from_beside(shown.stream, parcel, arrived)
            return
        order, stream = parcel.frame.order, shown.stream
        if shown.order is not None and order < shown.order:
            self.late += 1
            return
        if shown.order is not None and order[0] > shown.order[0]:
            stream.new_epoch()
        shown.order = order
        picture = self._ours(parcel, arrived)
        if shown.node == NOBODY:
            self._beat(stream, parcel, arrived)
        if stream.gone:
            return
        if parcel.true and (shown.demand is not None or stream.pushed):
            self._put(stream, picture)
        else:
            stream.recall(picture)

    def _stray(self, parcel: Parcel, arrived: int) -> None:
        """A picture of a stream that nobody has announced, or that is ours."""
        stream = self._hub.find(parcel.stream)
        if stream is not None and is_ours(stream) and stream.cadence is not None:
            self._beat(stream, parcel, arrived)
            if parcel.stream in self._common:
                self._common[parcel.stream] = parcel.frame.order
            self._from_beside(stream, parcel, arrived)
            return
        known = parcel.stream in self.claims or (stream is not None and stream.node is None and is_ours(stream))
        if parcel.node is not None or known or sum(one.node == NOBODY for one in self._shown.values()) >= self._foreign:
            self.unknown += 1
            return
        try:
            stream_id = StreamId.parse(parcel.stream)
        except LivepaneError:
            self.unknown += 1
            return
        stream = stream or self._hub.add(stream_id, None, title=stream_id.name)
        self._shown[parcel.stream] = Shown(stream, NOBODY)
        stream.attach(None, pushed=True, cadence=Cadence(self._kept), node=NOBODY)
        self.frame(parcel, arrived)

    def _from_beside(self, stream: Stream, parcel: Parcel, arrived: int) -> None:
        """A picture of another node that gets requests for the same source. They number apart, so its time has to tell."""
        newest, picture = stream.newest_or_none(), self._ours(parcel, arrived)
        if newest is None or newest.picture.captured_at <= picture.captured_at:
            self._put(stream, picture)
        else:
            self.late += 1

    def _beat(self, stream: Stream, parcel: Parcel, arrived: int) -> None:
        if stream.cadence is not None and parcel.true:
            stream.cadence.beat(time.monotonic(), arrived)

    def _fed(self, shown: Shown, record: StreamRecord) -> None:
        """A picture was pushed to its owner by a request."""
        cadence = shown.stream.cadence
        if cadence is not None and record.fed_at:
            now = time.time_ns()
            at = min(now, fit_moment(self._peers.ours(record.node, record.fed_at)))
            cadence.beat(time.monotonic() - (now - at) / 1e9, at, fit_seconds(record.every))
            shown.stream.refresh_state()

    def _put(self, stream: Stream, picture: Picture) -> None:
        self.relaying = True
        try:
            stream.put(picture)
        finally:
            self.relaying = False

    def _ours(self, parcel: Parcel, arrived: int) -> Picture:
        """The picture with its time in our clock; never from the future."""
        picture = parcel.frame.picture
        at = picture.captured_at if parcel.node is None else self._peers.ours(parcel.node, picture.captured_at)
        at = min(fit_moment(at), arrived)
        if parcel.true:
            self.ages.add(arrived - at)
        return picture if at == picture.captured_at else replace(picture, captured_at=at)
