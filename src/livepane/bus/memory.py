"""A bus inside of one process: several hubs on one event loop. What tests run, and what others are measured against."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from functools import partial

from livepane.domain.bus import Closing, Inbox, Lease, Link, LinkState, NodeRecord, Parcel, StreamRecord, Traffic

log = logging.getLogger(__name__)
AWAY = "the memory bus was cut"

Key = tuple[str, str]  # (node, stream)


class MemoryBus:
    """What the ends have in common: the last word on every node and stream. Belongs to one event loop."""

    def __init__(self) -> None:
        self.nodes: dict[str, NodeRecord] = {}
        self.streams: dict[Key, StreamRecord] = {}
        self.ends: list[MemoryEnd] = []  # that have joined

    def end(self) -> MemoryEnd:
        """A bus for one more node."""
        return MemoryEnd(self)

    def post(self, parcel: Parcel) -> None:
        """Hand a picture to everybody, as something that is no node would do."""
        for end in self.ends:
            end.arrive(parcel)


class MemoryEnd:
    """One node's end: a `Bus`. `cut` and `mend` take the link away and give it back."""

    def __init__(self, bus: MemoryBus) -> None:
        self.traffic = Traffic()
        self._bus = bus
        self._node = ""
        self._inbox: Inbox | None = None
        self._link = Link(LinkState.CONNECTING)
        self._out: dict[str, Parcel] = {}  # given while the link was away
        self._told: dict[object, Callable[[], None]] = {}  # records given while it was away, the newest of each key
        self._in: dict[str, Parcel] = {}  # one place for each stream until the loop comes round
        self._draining: asyncio.Handle | None = None
        self._connecting: asyncio.Handle | None = None
        self._known: tuple[set[str], set[Key]] = (set(), set())  # what was there when the link went

    @property
    def now(self) -> Link:
        """How this end is."""
        return self._link

    @asynccontextmanager
    async def join(self, node: str, inbox: Inbox) -> AsyncIterator[None]:
        """Be part of it inside the block."""
        self._node, self._inbox = node, inbox
        self._connecting = asyncio.get_running_loop().call_soon(self._connect)
        try:
            yield
        finally:
            self._stop_connecting()
            if self._draining is not None:
                self._draining.cancel()
            if self in self._bus.ends:
                self._bus.ends.remove(self)
            self._inbox, self._link = None, Link(LinkState.CONNECTING)

    def cut(self, reason: str = AWAY) -> None:
        """The link goes away."""
        self._stop_connecting()
        if self._link.state is LinkState.UP:
            self._bus.ends.remove(self)
            self._known = set(self._bus.nodes), set(self._bus.streams)
        self._set(Link(LinkState.DOWN, reason))

    def mend(self) -> None:
        """The link comes back."""
        if self._link.state is not LinkState.UP:
            self._connect()

    def _stop_connecting(self) -> None:
        if self._connecting is not None:
            self._connecting.cancel()

    def _connect(self) -> None:
        if self._inbox is None:
            return
        self._bus.ends.append(self)
        self.traffic.connections += 1
        self._set(Link(LinkState.UP))
        for name, record in list(self._bus.nodes.items()):
            self._inbox.node(name, record, live=False)
        for (name, stream), told in list(self._bus.streams.items()):
            self._inbox.stream(name, stream, told)
        nodes, streams = self._known
        for name, stream in streams - self._bus.streams.keys():
            self._inbox.stream(name, stream, None)
        for name in nodes - self._bus.nodes.keys():
            self._inbox.node(name, None, live=False)
        self._inbox.caught_up()
        records, self._told = self._told, {}
        for tell in records.values():
            tell()
        parcels, self._out = self._out, {}
        for parcel in parcels.values():
            self.publish(parcel)

    def _set(self, link: Link) -> None:
        self._link = link
        if self._inbox is not None:
            self._inbox.link(link)

    # --- what the node says -------------------------------------------------------------------------

    def publish(self, parcel: Parcel) -> None:
        """Send a picture of ours."""
        if self._link.state is not LinkState.UP:
            self.traffic.replaced_out += parcel.stream in self._out
            self._out[parcel.stream] = parcel
            return
        self.traffic.frames_out += 1
        self.traffic.bytes_out += len(parcel.frame.picture.data)
        for end in self._bus.ends:
            if end._node != parcel.node:
                end.arrive(parcel)

    def beat(self, record: NodeRecord) -> None:
        """Say that we are there."""
        self._tell("node", lambda: self._beat(record))

    def _beat(self, record: NodeRecord) -> None:
        if not record.asking:
            self._bus.nodes[record.node] = record
        self._everywhere(lambda inbox: inbox.node(record.node, record, live=True))

    def leave(self) -> None:
        """Say that we are not there any more."""
        self._tell("node", lambda: self._leave(self._node))

    def _leave(self, node: str) -> None:
        self._bus.nodes.pop(node, None)
        self._everywhere(lambda inbox: inbox.node(node, None, live=True))

    def announce(self, record: StreamRecord) -> None:
        """Say something of a stream of ours."""
        self._tell(("stream", record.stream), lambda: self._announce(self._node, record.stream, record))

    def withdraw(self, stream: str) -> None:
        """A stream of ours is over."""
        self._tell(("stream", stream), lambda: self._announce(self._node, stream, None))

    def bury(self, node: str, streams: Iterable[str]) -> None:
        """Take back what a node that died has left."""
        for stream in streams:
            self._tell(("stream", node, stream), partial(self._announce, node, stream, None))
        self._tell(("node", node), lambda: self._leave(node))

    def _announce(self, node: str, stream: str, record: StreamRecord | None) -> None:
        if record is None:
            self._bus.streams.pop((node, stream), None)
        else:
            self._bus.streams[node, stream] = record
        self._everywhere(lambda inbox: inbox.stream(node, stream, record))

    def lease(self, lease: Lease) -> None:
        """Ask for pictures, or renew that."""
        self._tell(("lease", lease.stream), lambda: self._everywhere(lambda inbox: inbox.lease(lease.node, lease.stream, lease)))

    def release(self, stream: str) -> None:
        """We do not want them any more."""
        node = self._node
        self._tell(("lease", stream), lambda: self._everywhere(lambda inbox: inbox.lease(node, stream, None)))

    def close(self, closing: Closing) -> None:
        """Have a stream of another node ended."""
        key = closing.node, closing.stream
        self._tell(("close", *key), lambda: self._everywhere(lambda inbox: inbox.closing(*key, closing)))

    def closed(self, stream: str) -> None:
        """We have done with that."""
        node = self._node
        self._tell(("close", node, stream), lambda: self._everywhere(lambda inbox: inbox.closing(node, stream, None)))

    def _tell(self, key: object, tell: Callable[[], None]) -> None:
        if self._link.state is not LinkState.UP:
            self._told[key] = tell
            return
        self.traffic.records_out += 1
        tell()

    # --- what comes ---------------------------------------------------------------------------------

    def _everywhere(self, say: Callable[[Inbox], None]) -> None:
        loop = asyncio.get_running_loop()
        for end in self._bus.ends:
            loop.call_soon(end._hear, say)

    def _hear(self, say: Callable[[Inbox], None]) -> None:
        if self._inbox is not None and self._link.state is LinkState.UP:
            self.traffic.records_in += 1
            say(self._inbox)

    def arrive(self, parcel: Parcel) -> None:
        """A picture for this node: it waits for the loop to come round, and a newer one takes its place."""
        self.traffic.bytes_in += len(parcel.frame.picture.data)
        self.traffic.replaced_in += parcel.stream in self._in
        self._in[parcel.stream] = parcel
        if self._draining is None:
            self._draining = asyncio.get_running_loop().call_soon(self._drain)

    def _drain(self) -> None:
        self._draining = None
        parcels, self._in = self._in, {}
        if self._inbox is None or self._link.state is not LinkState.UP:
            return
        self.traffic.frames_in += len(parcels)
        for parcel in parcels.values():
            self._inbox.frame(parcel)
