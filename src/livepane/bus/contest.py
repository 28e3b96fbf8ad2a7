"""One producer of a name in the whole cluster: who has it is asked before, and of two that got it one has to go."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Callable

from livepane.bus.claims import Claims
from livepane.bus.peers import Peers
from livepane.deadline import within
from livepane.domain.bus import Bus, LinkState
from livepane.hub.hub import Hub
from livepane.hub.stream import Stream

log = logging.getLogger(__name__)

ANSWERED = 2.0  # seconds that a node has to say that it is there, until somebody else may have the names of its producers


class Contest:
    """The `Seats` of our hub.

    Whoever comes while a name is taken elsewhere is refused; a node that does not answer has lost its names. Where two came at
    the same time, or while the link was away, both nodes see both claims and agree which one stays: that with the smaller
    (`fed_since`, node). No clock is trusted: a claim that was known gives a later one a greater number.
    """

    def __init__(self, hub: Hub, bus: Bus, node: str, peers: Peers, claims: Claims) -> None:
        self._hub, self._bus, self._node, self._peers, self._claims = hub, bus, node, peers, claims
        self._asked: Counter[str] = Counter()  # nodes that are to answer, by how many wait for it
        self._news = asyncio.Event()
        self.beat: Callable[[], object] = lambda: None  # say that we are there, and whom we call
        self.silent: Callable[[str], object] = lambda _: None  # is told which node did not answer

    @property
    def called(self) -> tuple[str, ...]:
        """Nodes that are to say at once that they are there."""
        return tuple(self._asked)

    def heard(self) -> None:
        """A node, or what one says of a stream, is new."""
        self._news.set()

    # --- Seats ---------------------------------------------------------------------------------------

    def holder(self, stream: str) -> str | None:
        """The node where it is fed; None, too, while nobody can be heard."""
        record = self._claims.feeder(stream) if self._up else None
        return None if record is None else record.node

    def next(self, stream: str) -> int:
        """Later than every one that is known."""
        return max(time.time_ns(), self._claims.latest(stream) + 1)

    async def ask(self, stream: str) -> None:
        """Have the node that holds it say that it is there, and forget its claim if it does not."""
        node, asked_at = self.holder(stream), time.monotonic()
        if node is None:
            return
        self._asked[node] += 1
        try:
            if self._asked[node] == 1:
                self.beat()
            async with within(ANSWERED):
                while self.holder(stream) == node and not self._has_beaten(node, asked_at):
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            if self.holder(stream) == node and not self._has_beaten(node, asked_at):
                log.warning("node %s does not answer; the names of its producers are free", node)
                self._peers.silence(node)
                self.silent(node)
        finally:
            self._asked[node] -= 1
            if not self._asked[node]:
                del self._asked[node]

    def _has_beaten(self, node: str, since: float) -> bool:
        peer = self._peers.find(node)
        return peer is not None and peer.beat_at > since

    @property
    def _up(self) -> bool:
        return self._bus.now.state is LinkState.UP

    # --- two of one name -----------------------------------------------------------------------------

    def step(self) -> None:
        """See that none of our producers sits where another one has sat for longer."""
        for stream in self._hub.all():
            self.look(stream)

    def look(self, stream: Stream) -> None:
        """See to one stream of ours."""
        seat = stream.seat
        rival = self._claims.feeder(str(stream.id), heard=True) if seat is not None and self._up else None
        if seat is None or seat.lost or rival is None:
            return
        if (rival.fed_since, rival.node) < (seat.since, self._node):
            log.warning("%s: a producer of this name has been at node %s for longer; ours has to go", stream.id, rival.node)
            seat.lose(rival.node)
