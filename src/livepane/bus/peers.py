"""The other nodes: who is there, since when nothing was heard of them, and how far their clocks are from ours."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from livepane.domain.bus import OFFLINE_AFTER, SILENT_AFTER, NodeRecord

_SLICE = 1.0  # seconds, of which the smallest gap is kept
_SLICES = 60
_STEP = 60 * 10**9  # ns: a gap that is so much larger than those before shows that a clock was set
_DOUBTFUL = 2 * 10**9  # ns: of a node that has not told its side yet, a gap above this is taken for its clock, below for the way
_NODES = 10_000  # that are remembered


@dataclass(slots=True)
class Peer:
    """Another node. Moments are seconds of a monotonic clock."""

    name: str
    heard_at: float
    life: str | None = None  # None: known from records of earlier only, nobody has heard it
    host: str = ""
    version: str = ""
    silent: bool = False
    doubtful: bool = False  # not a word of it since the link came up: it may have gone meanwhile
    beat_at: float = float("-inf")  # when it said last that it is there
    theirs: int | None = None  # ns: the smallest gap that it has seen of us
    gaps: deque[int] = field(default_factory=lambda: deque(maxlen=_SLICES))  # ns: the smallest of each slice
    slice_began: float = float("-inf")

    def met(self, gap: int, now: float) -> None:
        """Something arrived `gap` ns after it was sent, by two clocks."""
        if self.gaps and gap - min(self.gaps) > _STEP:
            self.gaps.clear()
            self.slice_began = float("-inf")
        if now - self.slice_began < _SLICE:
            self.gaps[-1] = min(self.gaps[-1], gap)
        else:
            self.slice_began = now
            self.gaps.append(gap)

    @property
    def ours(self) -> int | None:
        """ns: the smallest gap that we have seen of it."""
        return min(self.gaps, default=None)

    @property
    def offset(self) -> int:
        """ns to add to its times for them to be ours.

        With both gaps it is half of their difference, as in NTP: the way there takes as long as the way back. What is less
        than that way cannot be told from nothing, so it counts as nothing.
        """
        ours, theirs = self.ours, self.theirs
        if ours is None:
            return 0
        if theirs is None:
            return ours if ours < 0 or ours > _DOUBTFUL else 0
        offset, way = (ours - theirs) // 2, (ours + theirs) // 2
        return offset if abs(offset) > max(way, 0) else 0


class Peers:
    """All that were heard of. Pure: the caller says what time it is."""

    def __init__(self) -> None:
        self._peers: dict[str, Peer] = {}

    def take(self, record: NodeRecord, me: str, *, live: bool, now: float, arrived: int) -> bool:
        """A node says that it is there; whether it is a new one, or a new life of one. `arrived`: ns since the Unix epoch."""
        peer = self._peers.get(record.node)
        if peer is None:
            if len(self._peers) >= _NODES:
                return False
            peer = self._peers[record.node] = Peer(record.node, now)
        if not live:
            return False
        fresh = peer.life != record.life
        if fresh:
            peer.gaps.clear()
            peer.slice_began = float("-inf")
        peer.life, peer.host, peer.version = record.life, record.host, record.version
        peer.theirs = record.heard.get(me)
        back, peer.heard_at, peer.beat_at = peer.silent, now, now
        peer.silent = peer.doubtful = False
        if record.sent_at:
            peer.met(arrived - record.sent_at, now)
        return fresh or back

    def heard(self, name: str, sent_at: int, now: float, arrived: int) -> None:
        """Something of a node that is no record of it."""
        peer = self._peers.get(name)
        if peer is not None and peer.life is not None:
            peer.doubtful = False
            if not peer.silent:
                peer.heard_at = now
            if sent_at:
                peer.met(arrived - sent_at, now)

    def forget(self, name: str) -> None:
        """It has left."""
        self._peers.pop(name, None)

    def silence(self, name: str) -> None:
        """It was asked, and has not answered."""
        peer = self._peers.get(name)
        if peer is not None:
            peer.silent = True

    def lives(self, name: str, life: str) -> bool:
        """Whether this life of a node is there, as far as we know."""
        peer = self._peers.get(name)
        return peer is not None and peer.life == life

    def find(self, name: str) -> Peer | None:
        """A node that was heard, or None."""
        peer = self._peers.get(name)
        return peer if peer is not None and peer.life is not None else None

    def all(self) -> list[Peer]:
        """Those that were heard."""
        return [peer for peer in self._peers.values() if peer.life is not None]

    def ours(self, name: str, at: int) -> int:
        """A moment of a node's clock, in ours."""
        peer = self._peers.get(name)
        return at if peer is None else at + peer.offset

    def gaps(self) -> dict[str, int]:
        """The smallest gap of each, for them to know."""
        return {peer.name: gap for peer in self._peers.values() if (gap := peer.ours) is not None}

    def wait_anew(self, now: float) -> None:
        """The link was away: nobody is to be blamed for what could not be heard."""
        for peer in self._peers.values():
            peer.heard_at, peer.doubtful = now, True

    def overdue(self, now: float) -> tuple[list[str], list[str]]:
        """Those that have just become silent, and those that are given up; these are forgotten."""
        silent = []
        for peer in self._peers.values():
            if not peer.silent and now - peer.heard_at > SILENT_AFTER:
                peer.silent = True
                silent.append(peer.name)
        gone = [peer.name for peer in self._peers.values() if now - peer.heard_at > OFFLINE_AFTER]
        for name in gone:
            del self._peers[name]
        return [name for name in silent if name not in gone], gone
