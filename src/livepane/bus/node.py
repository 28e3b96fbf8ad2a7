"""One hub as a part of a cluster: what it shows is told to the other nodes, and what they show is a part of it."""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
import socket
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from livepane import __version__
from livepane.bus.closings import Closings
from livepane.bus.contest import Contest
from livepane.bus.fit import whatever_it_is
from livepane.bus.names import local_name
from livepane.bus.peers import Peers
from livepane.bus.remains import Remains
from livepane.bus.remote import Remote
from livepane.bus.seek import Seek
from livepane.bus.shared import Shared
from livepane.domain.bus import (
    BEAT_EVERY,
    LEASE_EVERY,
    OFFLINE_AFTER,
    Bus,
    Closing,
    Lease,
    Link,
    LinkState,
    NodeRecord,
    Parcel,
    StreamRecord,
)
from livepane.hub.hub import Hub

log = logging.getLogger(__name__)

AWAY = "the connection between the nodes is away"  # why is in the log: viewers need not know where our brokers are
TICK = 1.0  # seconds
TOGETHER = 0.02  # s: changes of so long are told as one
ASKING = 1.0  # s that whoever has our name already has to say so
SETTLED = 5.0  # s after which a newcomer of our name is the one who has to go
ASLEEP = 5.0  # s that the process was stopped: nobody else is to blame that nothing was heard, it is still to be read
REFRESH = 600.0  # s after which everything is told once more
_ANSWER_EVERY = 0.5  # s between two beats that are answers


@dataclass(frozen=True, slots=True)
class Condition:
    """How a node is."""

    node: str
    link: Link
    clash: str | None = None  # why we keep silent: another server has our name
    peers: int = 0
    streams: int = 0  # of other nodes
    leases_given: int = 0  # that others have with us
    leases_held: int = 0  # that we have with others


class Node:
    """Use as an async context manager inside the life of the hub. Is the `Inbox` of its bus."""

    def __init__(self, hub: Hub, bus: Bus, name: str, *, kept: float = 86_400.0, foreign: int = 100) -> None:
        """`name`: of this node. `kept`: seconds without a picture after which the stream of a writer that is no node ends;
        `foreign`: how many such streams there may be."""
        self.name, self.life = name, secrets.token_hex(8)
        self.bus, self.peers = bus, Peers()
        self.shared = Shared(hub, bus, name, self.life)
        self.remote = Remote(hub, bus, name, self.peers, kept=kept, foreign=foreign)
        self.shared.relaying = lambda: self.remote.relaying
        self.closings = Closings(hub, bus, name, self.life, peers=self.peers, shared=self.shared, remote=self.remote)
        self.contest = Contest(hub, bus, name, self.peers, self.remote.claims)
        self.contest.beat, self.contest.silent = self._call, self.remote.node_changed
        self.remote.contend = self.contest.look
        self._remains = Remains()
        self._hub = hub
        self._stack = AsyncExitStack()
        self._tasks: list[asyncio.Task[None]] = []
        self._joining: asyncio.TimerHandle | None = None  # until nobody has objected to our name
        self._answering: asyncio.TimerHandle | None = None
        self._caught_up, self._settled = asyncio.Event(), asyncio.Event()
        self._left_behind: set[str] = set()  # streams of an earlier life
        self._name_was_used = False  # there is a record of our name from before
        self._clash: tuple[str, str, float] | None = None  # the life that has our name, where it runs, when it was heard
        self._joined_at = self._beaten_at = self._leased_at = self._told_at = float("-inf")  # monotonic

    async def __aenter__(self) -> Self:
        await self._stack.enter_async_context(self.bus.join(self.name, self))
        self.shared.quiet = True  # until the name is ours
        loop = asyncio.get_running_loop()
        self._tasks = [
            loop.create_task(self._tell(), name="node tells what changes"),
            loop.create_task(self._tick(), name="node clock"),
        ]
        self._hub.elsewhere = Seek(self._hub, self.bus, self.name, self.peers, self.remote, self._caught_up).find
        self._hub.seats = self.contest
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._hub.elsewhere = self._hub.seats = None
        for timer in (self._joining, self._answering):
            if timer is not None:
                timer.cancel()
        for task in self._tasks:
            task.cancel()
        await asyncio.wait(self._tasks)
        await self.closings.end()
        await self.shared.close()
        if self.joined:
            self.bus.leave()
            self.shared.quiet = True  # the last word
        await self._stack.aclose()

    @property
    def joined(self) -> bool:
        """Whether the name is ours, and others know us by it."""
        return not self.shared.quiet

    @property
    def away(self) -> str | None:
        """Why nothing of ours reaches the others; None: it does, or we have only begun to connect."""
        if self._clash is not None:
            return self.condition.clash
        link = self.bus.now
        return AWAY if link.state in (LinkState.DOWN, LinkState.REFUSED) else None

    async def settled(self) -> None:
        """Wait until the node has joined, or somebody else has its name."""
        await self._settled.wait()

    @property
    def condition(self) -> Condition:
        """How it is."""
        clash = None
        if self._clash is not None:
            clash = (
                f"another server ({self._clash[1]}) has the name {self.name!r} in this cluster; give each a name of its own with "
                "LIVEPANE_NODE, and a data folder of its own"
            )
        peers = len([peer for peer in self.peers.all() if not peer.silent])
        leases = self.shared.leases, self.remote.leases
        return Condition(self.name, self.bus.now, clash, peers, self.remote.streams, *leases)

    # --- Inbox ------------------------------------------------------------------------------------------

    def frame(self, parcel: Parcel) -> None:
        """A picture of another node, or of none."""
        arrived = time.time_ns()
        with whatever_it_is("picture", parcel.stream):
            if parcel.node is not None:
                self.peers.heard(parcel.node, parcel.sent_at, time.monotonic(), arrived)
            self.remote.frame(parcel, arrived)

    def node(self, node: str, record: NodeRecord | None, *, live: bool) -> None:
        """A node is there, or leaves."""
        if node == self.name:
            self._of_our_name(record, live=live)
            return
        self._remains.node(node, there=record is not None)
        if record is None:
            self.peers.forget(node)
            self._forget(node)
        elif not record.asking:
            new = self.peers.take(record, self.name, live=live, now=time.monotonic(), arrived=time.time_ns())
            if new:
                self.remote.node_changed(node)
                self.remote.renew()
            if new or (live and self.name in record.calls):
                self._answer()
        self._heard_of_streams()

    def stream(self, node: str, stream: str, record: StreamRecord | None) -> None:
        """What a node says of its stream."""
        if node != self.name:
            self._remains.stream(node, stream, there=record is not None)
            with whatever_it_is("word", stream):
                self.remote.said(node, stream, record)
            self._heard_of_streams()
        elif record is None:
            self.shared.tell(stream)  # somebody took us for dead
        elif record.life != self.life:
            self._left_behind.add(stream)
            if self.joined:
                self._tidy()

    def lease(self, node: str, stream: str, lease: Lease | None) -> None:
        """A node wants pictures, or no more."""
        if node == self.name:
            return
        if lease is None:
            self.shared.release(node, stream)
            return
        now = time.monotonic()
        self.peers.heard(node, lease.sent_at, now, time.time_ns())
        with whatever_it_is("lease", stream):
            self.shared.lease(lease, now)

    def closing(self, node: str, stream: str, closing: Closing | None) -> None:
        """Somebody has closed a stream of ours."""
        if node == self.name and closing is not None and self.joined:
            with whatever_it_is("command", stream):
                self.closings.heard(closing)

    def caught_up(self) -> None:
        """Everything from before has been delivered."""
        self._caught_up.set()
        if self._clash is None and self._joining is None:
            if self.joined or not self._name_was_used:
                self._join()
            else:
                self._ask()

    def link(self, link: Link) -> None:
        """Our end has changed its state."""
        if link.state is LinkState.UP:
            self._wait_anew(time.monotonic())
            log.info("node %s is connected to the other nodes", self.name)
            self.remote.link_changed(None)
            return
        if self._joining is not None:
            self._joining.cancel()
            self._joining = None
        if link.state in (LinkState.DOWN, LinkState.REFUSED):
            log.warning("node %s has lost the other nodes: %s", self.name, link.reason)
        self.remote.link_changed(AWAY)

    # --- our name -----------------------------------------------------------------------------------------

    def _ask(self) -> None:
        """Somebody was called as we are. Perhaps it was us, in an earlier life."""
        self.bus.beat(self._record(asking=True))
        self._joining = asyncio.get_running_loop().call_later(ASKING, self._join)

    def _join(self) -> None:
        """The name is ours: say that we are there, and what we have."""
        self._joining = None
        if not self.joined:
            self._joined_at = time.monotonic()
            self.shared.quiet = False
            self._settled.set()
        self._beat()
        self._tidy()
        self._tell_all()
        self.remote.renew()

    def _tidy(self) -> None:
        """Take back what an earlier life of ours has left behind."""
        for stream in self._left_behind:
            if not self.shared.has(stream):
                self.bus.withdraw(stream)
        self._left_behind.clear()

    def _of_our_name(self, record: NodeRecord | None, *, live: bool) -> None:
        if record is None and self.joined:
            self._answer()  # somebody took us for dead
        if record is None or record.life == self.life:
            return
        self._name_was_used = True
        if not live:
            return
        now = time.monotonic()
        if self._clash is not None:
            if not record.asking:
                self._clash = (record.life, record.host, now)
            return
        older = now - self._joined_at > SETTLED
        if self.joined and (older or record.asking or self.life < record.life):
            log.warning("another server (%s) has our name %r; it has to take another", record.host, self.name)
            self._answer()
            if not record.asking:
                self._tell_all()  # others may have believed it
        elif not record.asking or record.life < self.life:
            self._give_up(record, now)

    def _give_up(self, record: NodeRecord, now: float) -> None:
        self._clash = (record.life, record.host, now)
        if self._joining is not None:
            self._joining.cancel()
            self._joining = None
        self.shared.quiet = True
        self._settled.set()
        log.error("%s; until then nothing of this server is seen at the other nodes", self.condition.clash)

    def _record(self, *, asking: bool = False) -> NodeRecord:
        host = f"{socket.gethostname()}, process {os.getpid()}"
        return NodeRecord(self.name, self.life, time.time_ns(), host, __version__, asking, self.peers.gaps(), self.contest.called)

    def _beat(self) -> None:
        self._beaten_at = time.monotonic()
        self.bus.beat(self._record())

    def _call(self) -> None:
        """Beat at once: somebody is to answer."""
        if self.joined:
            self._beat()

    def _answer(self) -> None:
        """Beat soon, once however many have appeared."""
        if self.joined and self._answering is None:
            pause = max(0.0, self._beaten_at + _ANSWER_EVERY - time.monotonic())
            self._answering = asyncio.get_running_loop().call_later(pause, self._answered)

    def _answered(self) -> None:
        self._answering = None
        if self.joined:
            self._beat()

    # --- the others ----------------------------------------------------------------------------------------

    def _heard_of_streams(self) -> None:
        self.contest.heard()
        self.closings.changed()

    def _forget(self, node: str) -> None:
        self.shared.release_all(node)
        self.remote.forget(node)

    def _wait_anew(self, now: float) -> None:
        """Nobody could be heard for a while."""
        self.peers.wait_anew(now)
        self._remains.wait_anew()

    def _clear_away(self, now: float) -> None:
        """What nodes that died long ago have left: every one that joins would read it, and it would count as streams."""
        for node, streams in self._remains.due(now, self.peers.find):
            log.info("node %s was not heard for long; its records are taken back (%d streams)", node, len(streams))
            self._forget(node)
            self.bus.bury(node, streams)

    # --- what goes on --------------------------------------------------------------------------------------

    def _tell_all(self) -> None:
        self._told_at = time.monotonic()
        self.shared.tell_all()

    def _hub_changed(self, stream_id: str) -> None:
        local = local_name(stream_id, self.name)
        self.remote.look(local)
        self.shared.look(local)

    async def _tell(self) -> None:
        with self._hub.changes() as changes:
            for stream in self._hub.all():
                changes.add(str(stream.id))
            while True:
                for stream_id in await changes.take():
                    if ":" in stream_id:
                        try:
                            self._hub_changed(stream_id)
                        except Exception:  # the others are told all the same
                            log.exception("%s could not be told to the other nodes", stream_id)
                await asyncio.sleep(TOGETHER)

    async def _tick(self) -> None:
        while True:
            before = time.monotonic()
            await asyncio.sleep(TICK)
            now = time.monotonic()
            if now - before > TICK + ASLEEP:
                self._wait_anew(now)
                continue
            try:
                self.step(now)
            except Exception:  # the clock does not stop for one of its hands
                log.exception("the node's clock missed a beat")

    def step(self, now: float) -> None:
        """What time brings: beats, renewals, leases and nodes that are over. `now`: seconds, monotonic."""
        self.shared.step(now)
        if self.bus.now.state is not LinkState.UP:
            return
        if self._clash is not None and now - self._clash[2] > OFFLINE_AFTER:
            self._clash = None
            self._ask()
        if self.joined:
            if now - self._beaten_at >= BEAT_EVERY:
                self._beat()
            if now - self._leased_at >= LEASE_EVERY:
                self._leased_at = now
                self.remote.renew()
            if now - self._told_at >= REFRESH:
                self._tell_all()
        silent, gone = self.peers.overdue(now)
        for name in silent:
            log.warning("node %s is not heard any more", name)
            self.remote.node_changed(name)
        for name in gone:
            self._forget(name)
        if silent or gone:
            self._heard_of_streams()
        if self.joined and self.bus.now.state is LinkState.UP:
            self.contest.step()
            self._clear_away(now)
