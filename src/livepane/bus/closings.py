"""Closing a stream from any node: who was asked says it to the owners, who end it, and waits until it is over."""

from __future__ import annotations

import asyncio
import logging
import time

from livepane.bus.fit import fit_moment
from livepane.bus.peers import Peers
from livepane.bus.remote import Remote
from livepane.bus.shared import Shared
from livepane.deadline import within
from livepane.domain.bus import CLOSING_LIFE, Bus, Closing, StreamRecord
from livepane.domain.errors import Conflict, LivepaneError, Unavailable
from livepane.hub.hub import Hub

log = logging.getLogger(__name__)

CLOSED_WITHIN = 10.0  # seconds that an owner has; a page of a busy browser takes a while


class Closings:
    """Both sides of it."""

    def __init__(self, hub: Hub, bus: Bus, node: str, life: str, *, peers: Peers, shared: Shared, remote: Remote) -> None:
        self._hub, self._bus, self._node, self._life = hub, bus, node, life
        self._peers, self._shared, self._remote = peers, shared, remote
        self._news = asyncio.Event()
        self._ending: dict[str, asyncio.Task[None]] = {}  # streams of ours

    async def end(self) -> None:
        """Wait for what is being closed."""
        if self._ending:
            await asyncio.wait(self._ending.values())

    # --- who was asked -------------------------------------------------------------------------------

    async def close(self, name: str) -> None:
        """End a stream wherever it is; it is over when this returns.

        Raises:
            Conflict: a node that has it cannot end it.
            Unavailable: one has not ended it in time, or cannot be told.
        """
        here, there = self._hub.find(name), self._remote.claims.there(name)
        theirs = here is not None and here.node is not None and not here.gone
        try:
            if (there and self._remote.away is not None) or (theirs and not there):
                why = self._remote.away or "its node is not heard"
                raise Unavailable(f"stream {name} cannot be closed at every node now: {why}; try again later")
            await self._elsewhere(name)
        finally:
            here = self._hub.find(name)
            if here is not None and (here.gone or (here.node is None and here.can_close)):
                await self._hub.remove(name)

    async def _elsewhere(self, name: str) -> None:
        asked: dict[str, StreamRecord] = {}
        try:
            async with within(CLOSED_WITHIN):
                while left := self._remote.claims.there(name):
                    for record in left:
                        if not record.closable:
                            raise Conflict(
                                f"stream {name} belongs to node {record.node!r}, which has not opened it; it ends there"
                            )
                        if record.node not in asked:
                            asked[record.node] = record
                            self._bus.close(Closing(record.node, name, record.life, self._node, time.time_ns()))
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            nodes = ", ".join(sorted(repr(record.node) for record in left))
            raise Unavailable(f"stream {name} was not closed within {CLOSED_WITHIN:g} s by node {nodes}; try again") from None

    def changed(self) -> None:
        """What nodes say of their streams is new."""
        self._news.set()

    # --- who has it ----------------------------------------------------------------------------------

    def heard(self, closing: Closing) -> None:
        """A stream of ours is to end. What came late, or means an earlier life of ours, is left alone."""
        sent_at = fit_moment(self._peers.ours(closing.by, closing.sent_at))
        stream = self._shared.find(closing.stream)
        late = time.time_ns() - sent_at > CLOSING_LIFE * 10**9
        if closing.life != self._life or late or stream is None or not stream.can_close:
            log.warning("%s was to be closed by node %s, and is not: it is over, or not to be closed", closing.stream, closing.by)
            self._bus.closed(closing.stream)
        elif closing.stream not in self._ending:
            log.info("%s is closed by node %s", closing.stream, closing.by)
            ending = self._ended(closing.stream, str(stream.id))
            self._ending[closing.stream] = asyncio.get_running_loop().create_task(ending, name=f"close {closing.stream}")

    async def _ended(self, name: str, stream_id: str) -> None:
        try:
            await self._hub.remove(stream_id)
        except LivepaneError as error:
            log.info("%s: %s", name, error)  # it was faster
        finally:
            del self._ending[name]
            self._bus.closed(name)
